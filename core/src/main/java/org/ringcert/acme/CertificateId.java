package org.ringcert.acme;

import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A certificate's unique identifier for renewal information (RFC 9773, section 4.1): the issuer's key identifier and
 * the serial number. Immutable.
 *
 * @param value two base64url texts with a dot in between, such as {@code aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE}
 */
public record CertificateId(String value) {

    /** Key identifiers and serial numbers have about 20 bytes each. The maximum length is ours. */
    private static final Pattern SYNTAX = Pattern.compile("[A-Za-z0-9_-]{1,200}\\.[A-Za-z0-9_-]{1,200}");

    /** @throws IllegalArgumentException if the value does not follow the syntax */
    public CertificateId {
        if (!SYNTAX.matcher(value).matches()) {
            throw new IllegalArgumentException("a certificate's identifier is two base64url texts with a dot between");
        }
    }

    /** Returns the text as an identifier; empty if it does not follow the syntax. */
    public static Optional<CertificateId> parse(String text) {
        return SYNTAX.matcher(text).matches() ? Optional.of(new CertificateId(text)) : Optional.empty();
    }

    /**
     * Returns the certificate's identifier; empty if the certificate does not name its issuer's key, that is, has no
     * valid authority key identifier extension with a key identifier (RFC 5280, section 4.2.1.1), or if that or its
     * serial number is longer than any CA makes it.
     */
    public static Optional<CertificateId> of(X509Certificate certificate) {
        return AuthorityKeyId.of(certificate)
                .flatMap(keyId -> parse(Jwk.base64Url(keyId) + "."
                        // The serial's DER value is what BigInteger calls its two's complement, leading zero included.
                        + Jwk.base64Url(certificate.getSerialNumber().toByteArray())));
    }

    @Override
    public String toString() {
        return value;
    }
}
