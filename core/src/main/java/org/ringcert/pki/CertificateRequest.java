package org.ringcert.pki;

import java.security.KeyPair;
import java.util.List;
import org.ringcert.cluster.HostName;

/** Certificate signing requests (RFC 2986) as ACME wants them (RFC 8555, section 7.4). */
public final class CertificateRequest {

    private CertificateRequest() {}

    /**
     * A request for those names as subject alternative names (RFC 5280, section 4.2.1.6), with an empty subject, signed by the key.
     *
     * @return DER
     */
    public static byte[] of(KeyPair key, List<HostName> names) {
        throw new UnsupportedOperationException("to be written");
    }
}
