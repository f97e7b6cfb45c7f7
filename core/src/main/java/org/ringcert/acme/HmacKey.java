package org.ringcert.acme;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A secret key for HMAC with SHA-256. Immutable. {@link #toString()} does not show it. */
public final class HmacKey {

    /** The shortest key that is accepted, in bytes. CAs issue 32 bytes or more. */
    private static final int MIN_BYTES = 16;

    /** The longest text that is read. Keys of CAs have 43 to 90 characters. */
    private static final int MAX_LENGTH = 2000;

    /** Blanks of Unicode and byte order marks, both of which come along when text is copied from a page or a file. */
    private static final String BLANK = "[\\s\\p{Z}\\ufeff]";

    private static final Pattern BLANKS = Pattern.compile(BLANK + "+");
    private static final Pattern SURROUNDING_BLANKS = Pattern.compile("^" + BLANK + "+|" + BLANK + "+$");
    private static final Pattern QUOTED = Pattern.compile("([\"'`])(.*)\\1", Pattern.DOTALL);
    private static final Pattern PADDING = Pattern.compile("={1,2}$");
    private static final Pattern NO_DIGIT = Pattern.compile("[^A-Za-z0-9+/_-]");

    private final byte[] bytes;

    private HmacKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Decodes a key as people copy it: base64url (as RFC 8555, section 7.3.4 requires of CAs) or base64, with or
     * without padding. Blanks and line breaks are dropped anywhere, quotes around the text once. The two alphabets
     * differ in two characters that mean the same values, so neither form is mistaken for the other. Hexadecimal digits
     * are base64 as well and are decoded as such.
     *
     * @throws IllegalArgumentException if the text is not such a key. The message says what would be right, and
     *     contains nothing of the text.
     */
    public static HmacKey parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "an HMAC key has at most " + MAX_LENGTH + " characters; this text has " + text.length());
        }
        String key = BLANKS.matcher(unquoted(text)).replaceAll("");
        if (key.isEmpty()) {
            throw new IllegalArgumentException("the HMAC key is empty");
        }
        String digits = PADDING.matcher(key).replaceFirst("");
        checkDigits(digits);
        byte[] decoded = Base64.getUrlDecoder().decode(digits.replace('+', '-').replace('/', '_'));
        if (decoded.length < MIN_BYTES) {
            throw new IllegalArgumentException("an HMAC key has at least " + MIN_BYTES + " bytes; this one has "
                    + decoded.length + ", so part of it may not have been copied");
        }
        return new HmacKey(decoded);
    }

    private static void checkDigits(String digits) {
        Matcher other = NO_DIGIT.matcher(digits);
        if (other.find()) {
            throw new IllegalArgumentException("an HMAC key is base64: letters, digits and - _ or + / with = at the end"
                    + " only; its character " + (other.start() + 1) + " is none of them");
        }
        if (digits.length() % 4 == 1) {
            throw new IllegalArgumentException("an HMAC key in base64 never has " + digits.length()
                    + " characters, so one is missing or too many; copy the key again");
        }
    }

    /** Returns the text without surrounding blanks, and without one pair of quotes around it. */
    static String unquoted(String text) {
        String stripped = strip(text);
        Matcher quoted = QUOTED.matcher(stripped);
        return quoted.matches() ? strip(quoted.group(2)) : stripped;
    }

    private static String strip(String text) {
        return SURROUNDING_BLANKS.matcher(text).replaceAll("");
    }

    /**
     * Whether the key's bytes are themselves a key in base64. Google's tools have printed keys that were encoded twice,
     * but a CA may also choose such bytes.
     */
    boolean looksEncodedTwice() {
        try {
            HmacKey _ = parse(new String(bytes, StandardCharsets.US_ASCII));
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
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
