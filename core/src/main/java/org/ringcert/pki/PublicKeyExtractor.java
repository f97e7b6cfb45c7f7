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
 * The public key that a private key as it was written (DER) tells. What is returned is still to be tried against the
 * private key.
 */
final class PublicKeyExtractor {

    private static final String UNKNOWN = "its private key does not tell its public key";

    private PublicKeyExtractor() {}

    /** @throws IllegalArgumentException if it tells none */
    static PublicKey of(PrivateKey key, byte[] written) {
        try {
            return switch (key) {
                case RSAPrivateCrtKey rsa ->
                    KeyFactory.getInstance("RSA")
                            .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
                case ECPrivateKey ec ->
                    KeyFactory.getInstance("EC")
                            .generatePublic(new ECPublicKeySpec(lastPoint(ec.getParams(), written), ec.getParams()));
                default -> throw new IllegalArgumentException(UNKNOWN);
            };
        } catch (GeneralSecurityException e) {
            // without its cause, whose message may be made from the key
            throw new IllegalArgumentException(UNKNOWN);
        }
    }

    /**
     * The public key is the last field of an EC key (RFC 5915, section 3), as a point that is not compressed: 4, x, y.
     */
    private static ECPoint lastPoint(ECParameterSpec curve, byte[] written) {
        int length = (curve.getCurve().getField().getFieldSize() + 7) / 8;
        int y = written.length - length;
        int x = y - length;
        if (x < 1 || written[x - 1] != 4) {
            throw new IllegalArgumentException(UNKNOWN);
        }
        return new ECPoint(
                new BigInteger(1, Arrays.copyOfRange(written, x, y)),
                new BigInteger(1, Arrays.copyOfRange(written, y, written.length)));
    }
}
