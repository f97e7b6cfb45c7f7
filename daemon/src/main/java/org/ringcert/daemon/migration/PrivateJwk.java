package org.ringcert.daemon.migration;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import org.ringcert.pki.Pem;
import tools.jackson.databind.JsonNode;

/** Reads private keys as JSON Web Keys (RFC 7517; RFC 7518, sections 6.2 and 6.3). */
final class PrivateJwk {

    private static final String DAMAGED = "its key is damaged, or neither an RSA key nor an EC key on P-256 or P-384";

    private final JsonNode jwk;

    private PrivateJwk(JsonNode jwk) {
        this.jwk = jwk;
    }

    /**
     * Reads an RSA key, or an EC key on P-256 or P-384.
     *
     * @throws IllegalArgumentException if the text is anything else; the message says what is wrong and shows nothing
     *     of the text
     */
    static KeyPair parse(String json) {
        PrivateJwk jwk = new PrivateJwk(InstallationFiles.jsonObject(json));
        try {
            KeyPair key = switch (jwk.text("kty")) {
                case "RSA" -> jwk.rsa();
                case "EC" -> jwk.ec();
                default -> throw new IllegalArgumentException(DAMAGED);
            };
            return Pem.keyPair(Pem.write(key));
        } catch (GeneralSecurityException e) {
            // Without its cause, whose message may be derived from the key.
            throw new IllegalArgumentException(DAMAGED);
        }
    }

    private KeyPair rsa() throws GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance("RSA");
        BigInteger modulus = number("n");
        BigInteger exponent = number("e");
        return new KeyPair(
                factory.generatePublic(new RSAPublicKeySpec(modulus, exponent)),
                factory.generatePrivate(new RSAPrivateCrtKeySpec(
                        modulus,
                        exponent,
                        number("d"),
                        number("p"),
                        number("q"),
                        number("dp"),
                        number("dq"),
                        number("qi"))));
    }

    private KeyPair ec() throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(
                switch (text("crv")) {
                    case "P-256" -> "secp256r1";
                    case "P-384" -> "secp384r1";
                    default -> throw new IllegalArgumentException(DAMAGED);
                }));
        ECParameterSpec curve = parameters.getParameterSpec(ECParameterSpec.class);
        KeyFactory factory = KeyFactory.getInstance("EC");
        return new KeyPair(
                factory.generatePublic(new ECPublicKeySpec(new ECPoint(number("x"), number("y")), curve)),
                factory.generatePrivate(new ECPrivateKeySpec(number("d"), curve)));
    }

    private BigInteger number(String field) {
        try {
            return new BigInteger(1, Base64.getUrlDecoder().decode(text(field)));
        } catch (IllegalArgumentException e) {
            // Without its cause, which quotes the text.
            throw new IllegalArgumentException(DAMAGED);
        }
    }

    private String text(String field) {
        return jwk.path(field).stringValueOpt().orElseThrow(() -> new IllegalArgumentException(DAMAGED));
    }
}
