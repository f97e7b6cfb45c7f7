package org.ringcert.pki;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The supported types of certificate keys. */
public enum KeyType {
    EC256,
    EC384,
    RSA2048,
    RSA3072,
    RSA4096;

    /** Returns the name used in the configuration, such as {@code ec256}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public KeyAlgorithm algorithm() {
        return this == EC256 || this == EC384 ? KeyAlgorithm.EC : KeyAlgorithm.RSA;
    }

    /** Returns the type with this label; empty if there is none. */
    public static Optional<KeyType> fromLabel(String label) {
        return Arrays.stream(values())
                .filter(type -> type.label().equals(label))
                .findFirst();
    }

    /** Returns the type of the key; empty if the key is of an unsupported type. */
    public static Optional<KeyType> of(PublicKey key) {
        return switch (key) {
            case ECPublicKey ec ->
                switch (ec.getParams().getCurve().getField().getFieldSize()) {
                    case 256 -> Optional.of(EC256);
                    case 384 -> Optional.of(EC384);
                    default -> Optional.empty();
                };
            case RSAPublicKey rsa -> fromLabel("rsa" + rsa.getModulus().bitLength());
            default -> Optional.empty();
        };
    }

    /** Generates a key pair. Takes a second or more for long RSA keys. */
    public KeyPair generate(SecureRandom random) {
        try {
            KeyPairGenerator generator =
                    KeyPairGenerator.getInstance(algorithm().name());
            switch (this) {
                case EC256 -> generator.initialize(new ECGenParameterSpec("secp256r1"), random);
                case EC384 -> generator.initialize(new ECGenParameterSpec("secp384r1"), random);
                case RSA2048 ->
                    generator.initialize(new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4), random);
                case RSA3072 ->
                    generator.initialize(new RSAKeyGenParameterSpec(3072, RSAKeyGenParameterSpec.F4), random);
                case RSA4096 ->
                    generator.initialize(new RSAKeyGenParameterSpec(4096, RSAKeyGenParameterSpec.F4), random);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime cannot generate " + label() + " keys", e);
        }
    }
}
