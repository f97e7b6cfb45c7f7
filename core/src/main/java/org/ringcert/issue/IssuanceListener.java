package org.ringcert.issue;

import java.net.URI;
import org.ringcert.store.CertificateName;

/** Receives the events of issuances and accounts. */
@FunctionalInterface
public interface IssuanceListener {

    /** Called on the thread that does the work. An exception thrown here ends the issuance. */
    void onEvent(CertificateName name, IssuanceEvent event);

    /**
     * Called on the thread that does the work. An exception thrown here ends the registration. Does nothing unless
     * implemented.
     *
     * @param directory the URL of the CA's directory
     */
    default void onAccountEvent(URI directory, AccountEvent event) {}
}
