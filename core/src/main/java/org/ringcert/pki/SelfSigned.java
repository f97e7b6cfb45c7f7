package org.ringcert.pki;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.ringcert.cluster.HostName;

/** Certificates that a node signs for itself, so that a web server can start before the CA has answered. */
public final class SelfSigned {

    private SelfSigned() {}

    /**
     * A certificate (RFC 5280) for those names and that key, no CA, with a random serial number of 64 bits or more. The common name of
     * subject and issuer is {@code Ringcert: waiting for the CA}.
     */
    public static X509Certificate of(KeyPair key, List<HostName> names, Instant notBefore, Instant notAfter) {
        throw new UnsupportedOperationException("to be written");
    }
}
