package org.ringcert.issue;

import java.net.URI;
import org.ringcert.acme.RevocationReason;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;

/** Receives the events of issuances and accounts. All methods do nothing unless implemented. */
public interface IssuanceListener {

    /** Ignores everything. */
    IssuanceListener NONE = new IssuanceListener() {};

    /** Called on the thread that does the work. An exception thrown here ends the issuance. */
    default void onEvent(CertificateName name, IssuanceEvent event) {}

    /** A CA has revoked a certificate, or had done so already. Called on the thread that does the work. */
    default void onRevoked(CertificateVersion version, RevocationReason reason) {}

    /**
     * Called on the thread that does the work. An exception thrown here ends the registration.
     *
     * @param directory the URL of the CA's directory
     */
    default void onAccountEvent(URI directory, AccountEvent event) {}
}
