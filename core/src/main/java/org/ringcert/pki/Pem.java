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

/**
 * Reads and writes PEM (RFC 7468). Input may be hostile: it is limited to 1 MiB and 20 certificates, and error messages
 * never quote it, as it may contain a key.
 */
public final class Pem {

    /** Maximum length of a PEM text, in characters. */
    public static final int MAX_LENGTH = 1 << 20;

    /** Maximum number of certificates in a chain. */
    public static final int MAX_CERTIFICATES = 20;

    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final String PUBLIC_KEY = "PUBLIC KEY";
    private static final String EC_PARAMETERS = "EC PARAMETERS";

    private Pem() {}

    /** Writes the key as PKCS #8. */
    public static String write(PrivateKey key) {
        return writeBlock(PRIVATE_KEY, key.getEncoded());
    }

    /** Writes the private key as PKCS #8, followed by the public key. {@link #keyPair(String)} reads it back. */
    public static String write(KeyPair key) {
        return write(key.getPrivate()) + writeBlock(PUBLIC_KEY, key.getPublic().getEncoded());
    }

    /** Writes the certificates in their order. */
    public static String write(List<X509Certificate> chain) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : chain) {
            try {
                text.append(writeBlock(CERTIFICATE, certificate.getEncoded()));
            } catch (CertificateEncodingException e) {
                throw new IllegalArgumentException("a certificate of the chain cannot be encoded", e);
            }
        }
        return text.toString();
    }

    /**
     * Reads one or more certificates. Empty lines are allowed; other text and other blocks are not.
     *
     * @return the certificates in the order of the text
     * @throws IllegalArgumentException if the text is anything else; the message says what is wrong and does not quote
     *     the text
     */
    public static List<X509Certificate> certificates(String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : readBlocks(text)) {
            if (!block.label().equals(CERTIFICATE)) {
                throw new IllegalArgumentException("it contains something other than certificates");
            }
            if (certificates.size() == MAX_CERTIFICATES) {
                throw new IllegalArgumentException("it contains more than " + MAX_CERTIFICATES + " certificates");
            }
            certificates.add(certificate(block.content()));
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("it contains no certificate");
        }
        return List.copyOf(certificates);
    }

    /**
     * Reads a private key (PKCS #8, EC or RSA) followed by its public key, and verifies that the two belong together.
     *
     * @throws IllegalArgumentException if the text is anything else; the message says what is wrong and does not quote
     *     the text
     */
    public static KeyPair keyPair(String text) {
        List<Block> blocks = readBlocks(text);
        if (blocks.size() != 2 || !blocks.getLast().label().equals(PUBLIC_KEY)) {
            throw new IllegalArgumentException("it must be a private key followed by its public key");
        }
        X509EncodedKeySpec spec = new X509EncodedKeySpec(blocks.getLast().content());
        return pair(
                privateKey(blocks.getFirst()),
                generate(factory -> factory.generatePublic(spec), "its public key is damaged"));
    }

    /**
     * Reads a private key as {@link #privateKey(String)} does. The public key is computed from it (RSA) or read from it
     * (EC).
     *
     * @throws IllegalArgumentException if the text is anything else; the message says what is wrong and does not quote
     *     the text
     */
    public static KeyPair keyPairFromPrivateKey(String text) {
        PrivateKey privateKey = privateKey(text);
        return pair(privateKey, PublicKeyExtractor.of(privateKey, keyBlock(text).content()));
    }

    /**
     * Reads a private key as {@link #privateKey(String)} does, and verifies that it belongs to the public key.
     *
     * @throws IllegalArgumentException if the text is anything else; the message says what is wrong and does not quote
     *     the text
     */
    public static KeyPair keyPair(String text, PublicKey publicKey) {
        return pair(privateKey(text), publicKey);
    }

    /**
     * Reads one unencrypted private key, EC or RSA, as PKCS #8 or in one of the older formats (PKCS #1, SEC 1). EC
     * parameters before the key are skipped.
     *
     * @throws IllegalArgumentException if the text is anything else; the message says what is wrong and does not quote
     *     the text
     */
    public static PrivateKey privateKey(String text) {
        return privateKey(keyBlock(text));
    }

    private static Block keyBlock(String text) {
        List<Block> blocks = readBlocks(text).stream()
                .filter(block -> !block.label().equals(EC_PARAMETERS))
                .toList();
        if (blocks.size() != 1) {
            throw new IllegalArgumentException("it must contain exactly one private key");
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
                    default -> throw new IllegalArgumentException("it contains no private key (BEGIN PRIVATE KEY)");
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

    /** Signs with one key and verifies with the other: the JDK cannot compute an EC public key from its private key. */
    private static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
        byte[] message = "ringcert: do these keys belong together?".getBytes(StandardCharsets.US_ASCII);
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

    private static <T> T generate(Generator<T> generator, String errorMessage) {
        for (String algorithm : List.of("EC", "RSA")) {
            try {
                return generator.from(KeyFactory.getInstance(algorithm));
            } catch (GeneralSecurityException e) {
                // Not a key of this algorithm. The exception's message may contain parts of the key.
            }
        }
        throw new IllegalArgumentException(errorMessage);
    }

    private static X509Certificate certificate(byte[] der) {
        try {
            ByteArrayInputStream in = new ByteArrayInputStream(der);
            // CertificateFactory would also accept PEM within PEM.
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
                // Without the cause, which quotes the text.
                throw new IllegalArgumentException("one of its PEM blocks is not base64");
            }
        }

        /** Whether the label says so (RFC 5958), or a header (RFC 1421), as in OpenSSL's older formats. */
        boolean isEncrypted() {
            return label.equals("ENCRYPTED PRIVATE KEY") || base64.startsWith("Proc-Type:");
        }

        /** Leaves out the content, which may be a key. */
        @Override
        public String toString() {
            return label;
        }
    }

    private static List<Block> readBlocks(String text) {
        if (text.length() > MAX_LENGTH) {
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
                    throw new IllegalArgumentException("there is text outside its PEM blocks");
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

    private static String writeBlock(String label, byte[] content) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }
}
