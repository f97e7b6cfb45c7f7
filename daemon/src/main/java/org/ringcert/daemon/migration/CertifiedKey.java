package org.ringcert.daemon.migration;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A key and the chain of its certificate. Immutable.
 *
 * @param chain the certificate itself first
 */
record CertifiedKey(KeyPair key, List<X509Certificate> chain) {

    CertifiedKey {
        chain = List.copyOf(chain);
    }

    X509Certificate leaf() {
        return chain.getFirst();
    }

    /** Does not show the key. */
    @Override
    public String toString() {
        return "a certificate and its key";
    }
}
