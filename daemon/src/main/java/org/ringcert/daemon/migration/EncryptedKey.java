package org.ringcert.daemon.migration;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.Mac;
import javax.crypto.spec.PBEParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.ringcert.pki.Pem;

/**
 * Reads private keys that OpenSSL encrypted by PBES2 with PBKDF2 and AES (RFC 8018; RFC 5958, section 3). The
 * passphrase is a sequence of bytes. Java's own PBKDF2 cannot be used: it takes characters and encodes them as UTF-8,
 * so it cannot be given bytes above 127.
 */
final class EncryptedKey {

    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\\s+([A-Za-z0-9+/=\\s]*)-----END ENCRYPTED PRIVATE KEY-----\\s*");

    /** Java's name for the scheme, with the hash function and the length of the key. */
    private static final Pattern SCHEME = Pattern.compile("PBEWith(HmacSHA(?:1|224|256|384|512))AndAES_(128|256)");

    private static final int MAX_ITERATIONS = 1_000_000;

    private static final String NOT_DECRYPTED = "it is damaged, or not encrypted with the key of this store";

    private EncryptedKey() {}

    /**
     * Reads a private key in PEM, encrypted or not, and returns it with its public key.
     *
     * @throws IllegalArgumentException if there is no such key in the text, or it has another passphrase; the message
     *     shows nothing of either
     */
    static KeyPair read(String pem, byte[] passphrase) {
        Matcher block = BLOCK.matcher(pem);
        if (!block.matches()) {
            return Pem.keyPairFromPrivateKey(pem);
        }
        String plain;
        try {
            byte[] content = Base64.getMimeDecoder().decode(block.group(1));
            byte[] key = decrypt(new EncryptedPrivateKeyInfo(content), passphrase);
            plain = "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(key)
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (GeneralSecurityException | IOException e) {
            // Without its cause, whose message may be derived from the key.
            throw new IllegalArgumentException(NOT_DECRYPTED);
        }
        try {
            return Pem.keyPairFromPrivateKey(plain);
        } catch (IllegalArgumentException e) {
            // With a wrong passphrase, the padding is right by chance once in 256 times.
            throw new IllegalArgumentException(NOT_DECRYPTED);
        }
    }

    private static byte[] decrypt(EncryptedPrivateKeyInfo info, byte[] passphrase) throws GeneralSecurityException {
        AlgorithmParameters parameters = info.getAlgParameters();
        Matcher scheme = SCHEME.matcher(String.valueOf(parameters));
        if (parameters == null || !scheme.matches()) {
            throw new IllegalArgumentException(
                    "it is encrypted in a way that Ringcert cannot read (" + info.getAlgName() + ")");
        }
        PBEParameterSpec spec = parameters.getParameterSpec(PBEParameterSpec.class);
        if (spec.getIterationCount() > MAX_ITERATIONS) {
            throw new IllegalArgumentException("its encryption takes more than " + MAX_ITERATIONS + " rounds");
        }
        int length = Integer.parseInt(scheme.group(2)) / 8;
        byte[] key = derive(scheme.group(1), passphrase, spec, length);
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), spec.getParameterSpec());
        return cipher.doFinal(info.getEncryptedData());
    }

    /** PBKDF2 (RFC 8018, section 5.2). */
    private static byte[] derive(String function, byte[] passphrase, PBEParameterSpec spec, int length)
            throws GeneralSecurityException {
        Mac mac = Mac.getInstance(function);
        mac.init(new SecretKeySpec(passphrase, function));
        byte[] derived = new byte[length];
        for (int block = 1, filled = 0; filled < length; block++) {
            mac.update(spec.getSalt());
            byte[] round = mac.doFinal(new byte[] {0, 0, 0, (byte) block});
            byte[] sum = round.clone();
            for (int i = 1; i < spec.getIterationCount(); i++) {
                round = mac.doFinal(round);
                for (int j = 0; j < sum.length; j++) {
                    sum[j] ^= round[j];
                }
            }
            int part = Math.min(sum.length, length - filled);
            System.arraycopy(sum, 0, derived, filled, part);
            filled += part;
        }
        return derived;
    }
}
