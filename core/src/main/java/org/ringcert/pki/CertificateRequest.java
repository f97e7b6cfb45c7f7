package org.ringcert.pki;

import java.math.BigInteger;
import java.security.KeyPair;
import java.util.List;
import org.ringcert.cluster.HostName;

/** Creates certificate signing requests (RFC 2986) for ACME (RFC 8555, section 7.4). */
public final class CertificateRequest {

    private static final int MAX_COMMON_NAME_LENGTH = 64;

    private CertificateRequest() {}

    /**
     * Creates a request with these subject alternative names (RFC 5280, section 4.2.1.6), signed with the key.
     *
     * <p>The subject is the first name that fits into a common name (64 characters; RFC 5280, appendix A.1). It is
     * empty if none does. CAs that merely copy the extensions would otherwise issue certificates with an empty subject
     * and names that are not critical, which RFC 5280, section 4.1.2.6 forbids and Java rejects.
     *
     * @return the request in DER
     * @throws IllegalArgumentException if there is no name, or if the key is neither EC on P-256 or P-384 nor RSA
     */
    public static byte[] create(KeyPair key, List<HostName> names) {
        byte[] extensions = Der.sequence(SignedDer.subjectAlternativeName(names));
        byte[] extensionRequest = Der.sequence(Der.oid("1.2.840.113549.1.9.14"), Der.setOf(extensions));
        byte[] content = Der.sequence(
                Der.integer(BigInteger.ZERO),
                subject(names),
                key.getPublic().getEncoded(),
                Der.tagged(0, extensionRequest));
        return SignedDer.of(content, key);
    }

    private static byte[] subject(List<HostName> names) {
        return names.stream()
                .map(HostName::value)
                .filter(name -> name.length() <= MAX_COMMON_NAME_LENGTH)
                .findFirst()
                .map(SignedDer::commonName)
                .orElse(Der.sequence());
    }
}
