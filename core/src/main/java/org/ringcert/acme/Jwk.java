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
 * A public key as a JSON Web Key, in the one spelling that its thumbprint is made of (RFC 7517; RFC 7638, section 3).
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
                                base64(unsigned(point.getAffineX(), bytes)),
                                base64(unsigned(point.getAffineY(), bytes)));
            }
            case RSAPublicKey rsa ->
                "{\"e\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\"}"
                        .formatted(base64(unsigned(rsa.getPublicExponent())), base64(unsigned(rsa.getModulus())));
            default -> throw unfit();
        };
    }

    /** The SHA-256 thumbprint in base64url (RFC 7638). */
    String thumbprint() {
        try {
            return base64(MessageDigest.getInstance("SHA-256").digest(json().getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    /** The name of its signatures in JOSE (RFC 7518, section 3.1). */
    String algorithm() {
        return switch (key) {
            case ECPublicKey ec -> fieldBits(ec) == 256 ? "ES256" : "ES384";
            case RSAPublicKey _ -> "RS256";
            default -> throw unfit();
        };
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private int fieldBits(ECPublicKey ec) {
        int bits = ec.getParams().getCurve().getField().getFieldSize();
        if (bits != 256 && bits != 384) {
            throw unfit();
        }
        return bits;
    }

    private static byte[] unsigned(BigInteger number) {
        return unsigned(number, (number.bitLength() + 7) / 8);
    }

    /** Exactly so many bytes: leading zeros belong to a coordinate (RFC 7518, section 6.2.1.2), the sign does not. */
    private static byte[] unsigned(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[length];
        int copied = Math.min(bytes.length, length);
        System.arraycopy(bytes, bytes.length - copied, fixed, length - copied, copied);
        return fixed;
    }

    private IllegalArgumentException unfit() {
        return new IllegalArgumentException(
                "an account has an EC key on P-256 or P-384, or an RSA key; this is " + key.getAlgorithm());
    }
}
