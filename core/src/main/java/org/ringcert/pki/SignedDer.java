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

/** Encodes what certificate requests and certificates have in common: the signature and the names. */
final class SignedDer {

    private SignedDer() {}

    /**
     * Encodes the AlgorithmIdentifier of the signatures that {@link #of} makes with this type of key (RFC 5758, section
     * 3.2; RFC 8017, appendix A.2.4).
     */
    static byte[] algorithm(PublicKey key) {
        return switch (signatureAlgorithm(key)) {
            case "SHA256withECDSA" -> Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
            case "SHA384withECDSA" -> Der.sequence(Der.oid("1.2.840.10045.4.3.3"));
            default -> Der.sequence(Der.oid("1.2.840.113549.1.1.11"), Der.nullValue());
        };
    }

    /** Signs the content. Returns the content, the algorithm and the signature in one SEQUENCE. */
    static byte[] of(byte[] content, KeyPair key) {
        try {
            Signature signature = Signature.getInstance(signatureAlgorithm(key.getPublic()));
            signature.initSign(key.getPrivate());
            signature.update(content);
            return Der.sequence(content, algorithm(key.getPublic()), Der.bits(0, signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key cannot sign", e);
        }
    }

    /** Encodes a name that consists of a common name only (RFC 5280, section 4.1.2.4). */
    static byte[] commonName(String text) {
        return Der.sequence(Der.setOf(Der.sequence(Der.oid("2.5.4.3"), Der.utf8(text))));
    }

    /** Encodes the extension with the names (RFC 5280, section 4.2.1.6). */
    static byte[] subjectAlternativeName(List<HostName> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("at least one name is needed");
        }
        List<byte[]> entries =
                names.stream().map(name -> Der.taggedText(2, name.value())).toList();
        return Der.sequence(Der.oid("2.5.29.17"), Der.octets(Der.sequence(entries)));
    }

    private static String signatureAlgorithm(PublicKey key) {
        return switch (key) {
            case ECPublicKey ec when KeyType.of(ec).equals(Optional.of(KeyType.EC256)) -> "SHA256withECDSA";
            case ECPublicKey ec when KeyType.of(ec).equals(Optional.of(KeyType.EC384)) -> "SHA384withECDSA";
            case RSAPublicKey rsa -> "SHA256withRSA";
            default -> throw new IllegalArgumentException("the key is neither EC on P-256 or P-384 nor RSA");
        };
    }
}
