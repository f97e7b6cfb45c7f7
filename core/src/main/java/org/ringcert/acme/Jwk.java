package org.ringcert.acme;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECPoint;
import java.util.Base64;

/**
 * A public key as a JSON Web Key (RFC 7517), in the canonical form from which the thumbprint is computed (RFC 7638,
 * section 3).
 */
record Jwk(PublicKey key) {

    /** @throws IllegalArgumentException if the key is not an EC key on P-256 or P-384, or an RSA key */
    String json() {
        return switch (key) {
            case ECPublicKey ec -> {
                int bytes = fieldBits(ec) / 8;
                ECPoint point = ec.getW();
                yield "{\"crv\":\"P-%d\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}"
                        .formatted(
                                fieldBits(ec),
                                base64Url(unsigned(point.getAffineX(), bytes)),
                                base64Url(unsigned(point.getAffineY(), bytes)));
            }
            case RSAPublicKey rsa ->
                "{\"e\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\"}"
                        .formatted(base64Url(unsigned(rsa.getPublicExponent())), base64Url(unsigned(rsa.getModulus())));
            default -> throw unsupported();
        };
    }

    /** Returns the SHA-256 thumbprint in base64url (RFC 7638). */
    String thumbprint() {
        try {
            return base64Url(MessageDigest.getInstance("SHA-256").digest(json().getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    /** Returns the JOSE name of the signature algorithm for this key (RFC 7518, section 3.1). */
    String algorithm() {
        return switch (key) {
            case ECPublicKey ec -> fieldBits(ec) == 256 ? "ES256" : "ES384";
            case RSAPublicKey _ -> "RS256";
            default -> throw unsupported();
        };
    }

    static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private int fieldBits(ECPublicKey ec) {
        int bits = ec.getParams().getCurve().getField().getFieldSize();
        if (bits != 256 && bits != 384) {
            throw unsupported();
        }
        return bits;
    }

    private static byte[] unsigned(BigInteger number) {
        return unsigned(number, (number.bitLength() + 7) / 8);
    }

    /**
     * Returns exactly {@code length} bytes. A coordinate keeps its leading zeros (RFC 7518, section 6.2.1.2), but has
     * no sign byte.
     */
    private static byte[] unsigned(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] padded = new byte[length];
        int copied = Math.min(bytes.length, length);
        System.arraycopy(bytes, bytes.length - copied, padded, length - copied, copied);
        return padded;
    }

    private IllegalArgumentException unsupported() {
        return new IllegalArgumentException(
                "an account key must be an EC key on P-256 or P-384 or an RSA key; this one is " + key.getAlgorithm());
    }
}
