package org.ringcert.pki;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;

/** What a request and a certificate have in common: the signature around the content, and the names. */
final class SignedDer {

    private SignedDer() {}

    /**
     * The algorithm, as it stands in the structure, that {@link #of} signs with (RFC 5758, section 3.2; RFC 8017,
     * appendix A.2.4).
     */
    static byte[] algorithm(PublicKey key) {
        return switch (scheme(key)) {
            case "SHA256withECDSA" -> Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
            case "SHA384withECDSA" -> Der.sequence(Der.oid("1.2.840.10045.4.3.3"));
            default -> Der.sequence(Der.oid("1.2.840.113549.1.1.11"), Der.nullValue());
        };
    }

    /** The content, the algorithm and the signature in one sequence. */
    static byte[] of(byte[] content, KeyPair key) {
        try {
            Signature signature = Signature.getInstance(scheme(key.getPublic()));
            signature.initSign(key.getPrivate());
            signature.update(content);
            return Der.sequence(content, algorithm(key.getPublic()), Der.bits(0, signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("this key cannot sign", e);
        }
    }

    /** A name that consists of a common name (RFC 5280, section 4.1.2.4). */
    static byte[] commonName(String text) {
        return Der.sequence(Der.setOf(Der.sequence(Der.oid("2.5.4.3"), Der.utf8(text))));
    }

    /** The extension that holds the names (RFC 5280, section 4.2.1.6). */
    static byte[] subjectAlternativeName(List<HostName> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("at least one name is needed");
        }
        List<byte[]> entries =
                names.stream().map(name -> Der.taggedText(2, name.value())).toList();
        return Der.sequence(Der.oid("2.5.29.17"), Der.octets(Der.sequence(entries)));
    }

    private static String scheme(PublicKey key) {
        return switch (key) {
            case ECPublicKey ec when KeyType.of(ec).equals(Optional.of(KeyType.EC256)) -> "SHA256withECDSA";
            case ECPublicKey ec when KeyType.of(ec).equals(Optional.of(KeyType.EC384)) -> "SHA384withECDSA";
            case RSAPublicKey rsa -> "SHA256withRSA";
            default -> throw new IllegalArgumentException("only EC keys on P-256 or P-384 and RSA keys are used");
        };
    }
}
