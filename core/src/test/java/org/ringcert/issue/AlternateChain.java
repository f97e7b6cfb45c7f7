package org.ringcert.issue;

import java.security.cert.X509Certificate;
import java.util.List;
import org.ringcert.acme.AcmeException;

/** Returns an alternate chain. */
@FunctionalInterface
public interface AlternateChain {

    /** Returns it for a certificate, whose default chain is given. */
    List<X509Certificate> of(List<X509Certificate> issued) throws AcmeException;
}
