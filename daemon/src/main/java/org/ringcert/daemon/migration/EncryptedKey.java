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
 * Reads private keys that are encrypted by PBES2 with PBKDF2 and AES (RFC 8018; RFC 5958, section 3), as OpenSSL writes
 * them. The passphrase is bytes, as it is there. Java's own PBKDF2 takes characters and makes UTF-8 of them, so it
 * cannot be given bytes above 127.
 */
final class EncryptedKey {

    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\\s+([A-Za-z0-9+/=\\s]*)-----END ENCRYPTED PRIVATE KEY-----\\s*");

    /** As Java names the scheme with its parts. */
    private static final Pattern SCHEME = Pattern.compile("PBEWith(HmacSHA(?:1|224|256|384|512))AndAES_(128|256)");

    private static final int MOST_ITERATIONS = 1_000_000;

    private static final String NOT_OURS = "it is damaged, or encrypted otherwise than by the key of this store";

    private EncryptedKey() {}

    /**
     * @throws IllegalArgumentException if there is no such key in the text, or it is for another passphrase; the
     *     message shows nothing of either
     */
    static KeyPair wholePair(String pem, byte[] passphrase) {
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
            // without its cause, whose message may be made from the key
            throw new IllegalArgumentException(NOT_OURS);
        }
        try {
            return Pem.keyPairFromPrivateKey(plain);
        } catch (IllegalArgumentException e) {
            // what another passphrase makes of it has a padding like the right one's once in 256 times
            throw new IllegalArgumentException(NOT_OURS);
        }
    }

    private static byte[] decrypt(EncryptedPrivateKeyInfo info, byte[] passphrase) throws GeneralSecurityException {
        AlgorithmParameters parameters = info.getAlgParameters();
        Matcher scheme = SCHEME.matcher(String.valueOf(parameters));
        if (parameters == null || !scheme.matches()) {
            throw new IllegalArgumentException(
                    "it is encrypted in a way that Ringcert does not read (" + info.getAlgName() + ")");
        }
        PBEParameterSpec spec = parameters.getParameterSpec(PBEParameterSpec.class);
        if (spec.getIterationCount() > MOST_ITERATIONS) {
            throw new IllegalArgumentException("its encryption wants more than " + MOST_ITERATIONS + " rounds");
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
        for (int block = 1, done = 0; done < length; block++) {
            mac.update(spec.getSalt());
            byte[] round = mac.doFinal(new byte[] {0, 0, 0, (byte) block});
            byte[] sum = round.clone();
            for (int i = 1; i < spec.getIterationCount(); i++) {
                round = mac.doFinal(round);
                for (int at = 0; at < sum.length; at++) {
                    sum[at] ^= round[at];
                }
            }
            int part = Math.min(sum.length, length - done);
            System.arraycopy(sum, 0, derived, done, part);
            done += part;
        }
        return derived;
    }
}
