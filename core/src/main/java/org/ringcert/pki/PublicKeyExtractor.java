package org.ringcert.pki;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;

/**
 * Derives the public key from an encoded private key. The caller must still verify that the two belong together: an EC
 * key merely states its public key.
 */
final class PublicKeyExtractor {

    private static final String NO_PUBLIC_KEY = "its private key does not include its public key";

    private PublicKeyExtractor() {}

    /**
     * @param encoded the private key in DER, as it was read
     * @throws IllegalArgumentException if the key does not include its public key
     */
    static PublicKey of(PrivateKey key, byte[] encoded) {
        try {
            return switch (key) {
                case RSAPrivateCrtKey rsa ->
                    KeyFactory.getInstance("RSA")
                            .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
                case ECPrivateKey ec ->
                    KeyFactory.getInstance("EC")
                            .generatePublic(new ECPublicKeySpec(lastPoint(ec.getParams(), encoded), ec.getParams()));
                default -> throw new IllegalArgumentException(NO_PUBLIC_KEY);
            };
        } catch (GeneralSecurityException e) {
            // Without the cause: its message may contain parts of the key.
            throw new IllegalArgumentException(NO_PUBLIC_KEY);
        }
    }

    /** Reads the public key, the last field of an EC key (RFC 5915, section 3): an uncompressed point (4, x, y). */
    private static ECPoint lastPoint(ECParameterSpec curve, byte[] encoded) {
        int length = (curve.getCurve().getField().getFieldSize() + 7) / 8;
        int y = encoded.length - length;
        int x = y - length;
        if (x < 1 || encoded[x - 1] != 4) {
            throw new IllegalArgumentException(NO_PUBLIC_KEY);
        }
        return new ECPoint(
                new BigInteger(1, Arrays.copyOfRange(encoded, x, y)),
                new BigInteger(1, Arrays.copyOfRange(encoded, y, encoded.length)));
    }
}
