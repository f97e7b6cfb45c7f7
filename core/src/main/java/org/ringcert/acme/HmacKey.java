package org.ringcert.acme;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A secret key for HMAC with SHA-256. Immutable. {@link #toString()} does not show it. */
public final class HmacKey {

    /** The shortest key that is accepted, in bytes. CAs issue 32 bytes or more. */
    private static final int MIN_BYTES = 16;

    /** The longest text that is read. Keys of CAs have 43 to 90 characters. */
    private static final int MAX_LENGTH = 2000;

    private final byte[] bytes;

    private HmacKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Decodes a key in base64 or base64url, with or without padding. Surrounding quotes, and blanks and line breaks
     * anywhere, are dropped. No text is ambiguous: the two alphabets differ in two characters each ({@code +/} and
     * {@code -_}), which mean the same values.
     *
     * @throws IllegalArgumentException if the text is not such a key. The message says what would be right, and
     *     contains nothing of the text.
     */
    public static HmacKey parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("an HMAC key has at most " + MAX_LENGTH + " characters");
        }
        String compact = unquoted(text).replaceAll("\\s", "");
        String unified = compact.replace('+', '-').replace('/', '_').replaceFirst("={1,2}$", "");
        byte[] decoded;
        try {
            decoded = Base64.getUrlDecoder().decode(unified);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("an HMAC key is base64");
        }
        if (decoded.length < MIN_BYTES) {
            throw new IllegalArgumentException("too short");
        }
        return new HmacKey(decoded);
    }

    static String unquoted(String text) {
        return text.strip();
    }

    /** Returns the HMAC-SHA-256 of the text in US-ASCII. */
    byte[] sign(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no HMAC with SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HmacKey that && MessageDigest.isEqual(bytes, that.bytes);
    }

    /** Always the same number: nothing of the key may be seen. */
    @Override
    public int hashCode() {
        return HmacKey.class.hashCode();
    }

    @Override
    public String toString() {
        return "HMAC key";
    }
}
