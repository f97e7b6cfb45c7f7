package org.ringcert.pki;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** PEM (RFC 7468), written and read. What is read is hostile until parsed: at most 1 MiB, and 20 certificates. */
public final class Pem {

    private static final int MOST_CHARACTERS = 1 << 20;
    private static final int MOST_CERTIFICATES = 20;

    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final String PUBLIC_KEY = "PUBLIC KEY";
    private static final String EC_PARAMETERS = "EC PARAMETERS";

    private Pem() {}

    /** The key as PKCS #8. */
    public static String write(PrivateKey key) {
        return block(PRIVATE_KEY, key.getEncoded());
    }

    /** The private key as PKCS #8 and after it the public key, as {@link #keyPair(String)} reads them. */
    public static String write(KeyPair key) {
        return write(key.getPrivate()) + block(PUBLIC_KEY, key.getPublic().getEncoded());
    }

    /** The certificates one after the other. */
    public static String write(List<X509Certificate> chain) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : chain) {
            try {
                text.append(block(CERTIFICATE, certificate.getEncoded()));
            } catch (CertificateEncodingException e) {
                throw new IllegalArgumentException("a certificate of the chain cannot be written", e);
            }
        }
        return text.toString();
    }

    /**
     * The certificates of the text, in its order, at least one; other blocks and text between the blocks are not
     * allowed, empty lines are.
     *
     * @throws IllegalArgumentException if the text is anything else; the message says what and does not repeat the text
     */
    public static List<X509Certificate> certificates(String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(text)) {
            if (!block.label().equals(CERTIFICATE)) {
                throw new IllegalArgumentException("there is something else than certificates in it");
            }
            if (certificates.size() == MOST_CERTIFICATES) {
                throw new IllegalArgumentException("there are more than " + MOST_CERTIFICATES + " certificates in it");
            }
            certificates.add(certificate(block.content()));
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("there is no certificate in it");
        }
        return List.copyOf(certificates);
    }

    /**
     * The key pair of the text: one private key (PKCS #8, EC or RSA) and after it the public key that belongs to it,
     * which is tried.
     *
     * @throws IllegalArgumentException if the text is anything else; the message says what and shows nothing of the
     *     text
     */
    public static KeyPair keyPair(String text) {
        List<Block> blocks = blocks(text);
        if (blocks.size() != 2 || !blocks.getLast().label().equals(PUBLIC_KEY)) {
            throw new IllegalArgumentException("it is not a private key and a public key after it");
        }
        X509EncodedKeySpec spec = new X509EncodedKeySpec(blocks.getLast().content());
        return pair(
                privateKey(blocks.getFirst()),
                generate(factory -> factory.generatePublic(spec), "its public key is damaged"));
    }

    /**
     * The private key of the text, as {@link #privateKey(String)} reads it, with the public key that is computed from
     * it (RSA) or that stands in it (EC).
     *
     * @throws IllegalArgumentException if the text is anything else; the message says what and shows nothing of the
     *     text
     */
    public static KeyPair keyPairFromPrivateKey(String text) {
        PrivateKey privateKey = privateKey(text);
        return pair(privateKey, PublicKeyExtractor.of(privateKey, keyBlock(text).content()));
    }

    /**
     * The private key of the text, as {@link #privateKey(String)} reads it, with that public key, once it is tried that
     * they belong together.
     *
     * @throws IllegalArgumentException if the text is anything else; the message says what and shows nothing of the
     *     text
     */
    public static KeyPair keyPair(String text, PublicKey publicKey) {
        return pair(privateKey(text), publicKey);
    }

    /**
     * The private key of the text: one key, EC or RSA, as PKCS #8 or in one of the older forms (PKCS #1, SEC 1), the
     * parameters before it included; not encrypted.
     *
     * @throws IllegalArgumentException if the text is anything else; the message says what and shows nothing of the
     *     text
     */
    public static PrivateKey privateKey(String text) {
        return privateKey(keyBlock(text));
    }

    private static Block keyBlock(String text) {
        List<Block> blocks = blocks(text).stream()
                .filter(block -> !block.label().equals(EC_PARAMETERS))
                .toList();
        if (blocks.size() != 1) {
            throw new IllegalArgumentException("it is not one private key");
        }
        return blocks.getFirst();
    }

    private static PrivateKey privateKey(Block block) {
        if (block.isEncrypted()) {
            throw new IllegalArgumentException("its private key is encrypted");
        }
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(
                switch (block.label()) {
                    case PRIVATE_KEY -> block.content();
                    case "RSA PRIVATE KEY" -> PrivateKeyInfo.ofRsa(block.content());
                    case "EC PRIVATE KEY" -> PrivateKeyInfo.ofEc(block.content());
                    default ->
                        throw new IllegalArgumentException(
                                "there is no private key (BEGIN PRIVATE KEY) where one is wanted");
                });
        return generate(
                factory -> factory.generatePrivate(spec),
                "its private key is damaged, or neither an EC nor an RSA key");
    }

    private static KeyPair pair(PrivateKey privateKey, PublicKey publicKey) {
        if (!belongTogether(privateKey, publicKey)) {
            throw new IllegalArgumentException("the private key does not belong to the public key");
        }
        return new KeyPair(publicKey, privateKey);
    }

    /** Tried by signing: the JDK cannot compute an EC public key from its private key. */
    private static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
        byte[] message = "ringcert: does this key belong to that one?".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signature =
                    Signature.getInstance(publicKey instanceof ECPublicKey ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(privateKey);
            signature.update(message);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(message);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private interface Generator<T> {
        T from(KeyFactory factory) throws InvalidKeySpecException;
    }

    private static <T> T generate(Generator<T> generator, String otherwise) {
        for (String algorithm : List.of("EC", "RSA")) {
            try {
                return generator.from(KeyFactory.getInstance(algorithm));
            } catch (GeneralSecurityException e) {
                // not this algorithm; what the exception says may be made from the key
            }
        }
        throw new IllegalArgumentException(otherwise);
    }

    private static X509Certificate certificate(byte[] der) {
        try {
            ByteArrayInputStream in = new ByteArrayInputStream(der);
            // the factory would also take PEM within PEM
            if (der.length > 0 && der[0] == 0x30) {
                X509Certificate certificate = (X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(in);
                if (in.available() == 0) {
                    return certificate;
                }
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException("one of its certificates is damaged", e);
        }
        throw new IllegalArgumentException("one of its certificates is damaged");
    }

    private record Block(String label, String base64) {

        byte[] content() {
            try {
                return Base64.getDecoder().decode(base64);
            } catch (IllegalArgumentException e) {
                // without its cause, which quotes the text
                throw new IllegalArgumentException("one of its PEM blocks is no base64");
            }
        }

        /** By its label (RFC 5958), or by a header of its own (RFC 1421), as OpenSSL encrypts the older forms. */
        boolean isEncrypted() {
            return label.equals("ENCRYPTED PRIVATE KEY") || base64.startsWith("Proc-Type:");
        }

        /** Nothing of the content: it may be a key. */
        @Override
        public String toString() {
            return label;
        }
    }

    private static List<Block> blocks(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("it is larger than 1 MiB");
        }
        List<Block> blocks = new ArrayList<>();
        String label = "";
        StringBuilder content = new StringBuilder();
        for (String raw : text.lines().toList()) {
            String line = raw.strip();
            if (label.isEmpty()) {
                if (line.startsWith("-----BEGIN ") && line.endsWith("-----") && line.length() > 16) {
                    label = line.substring(11, line.length() - 5);
                } else if (!line.isEmpty()) {
                    throw new IllegalArgumentException("there is text outside of its PEM blocks");
                }
            } else if (line.equals("-----END " + label + "-----")) {
                blocks.add(new Block(label, content.toString()));
                label = "";
                content.setLength(0);
            } else {
                content.append(line);
            }
        }
        if (!label.isEmpty()) {
            throw new IllegalArgumentException("its last PEM block has no end");
        }
        return blocks;
    }

    private static String block(String label, byte[] content) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }
}
