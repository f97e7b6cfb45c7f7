package org.ringcert.pki;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** PEM (RFC 7468), written and read. What is read is hostile until parsed. */
public final class Pem {

    private Pem() {}

    /** The key as PKCS #8. */
    public static String write(PrivateKey key) {
        throw new UnsupportedOperationException("to be written");
    }

    /** The certificates one after the other. */
    public static String write(List<X509Certificate> chain) {
        throw new UnsupportedOperationException("to be written");
    }

    /**
     * The certificates of the text, in its order; other blocks and text between the blocks are not allowed.
     *
     * @throws IllegalArgumentException if the text is anything else; the message says what and does not repeat the text
     */
    public static List<X509Certificate> certificates(String text) {
        throw new UnsupportedOperationException("to be written");
    }

    /**
     * The private key of the text (PKCS #8, EC or RSA) and the public key that belongs to it.
     *
     * @throws IllegalArgumentException if the text is anything else; the message says what and shows nothing of the text
     */
    public static KeyPair keyPair(String text) {
        throw new UnsupportedOperationException("to be written");
    }
}
