package org.ringcert.acme;

import org.ringcert.cluster.PrintableText;

/**
 * The key with which a CA recognizes its customer when an account is registered (RFC 8555, section 7.3.4). Immutable.
 * {@link #toString()} does not show the HMAC key.
 *
 * @param keyId the name that the CA has given to the key: printable text of 1 to 1000 characters
 * @param key the secret
 */
public record ExternalAccountBinding(String keyId, HmacKey key) {

    private static final int MAX_KEY_ID_LENGTH = 1000;

    /** @throws IllegalArgumentException if the key id is not valid; the message says what would be right */
    public ExternalAccountBinding {
        checkLength(keyId);
        if (!keyId.codePoints().allMatch(PrintableText::isPrintable)) {
            throw new IllegalArgumentException("a key id has no control characters or line breaks");
        }
    }

    /**
     * Reads a key as people copy it from a CA's website.
     *
     * @param keyId the key id; surrounding blanks and quotes are dropped
     * @param key the HMAC key; see {@link HmacKey#parse} for its forms
     * @throws IllegalArgumentException if either is not valid. The message says what would be right, and contains
     *     nothing of the key.
     */
    public static ExternalAccountBinding parse(String keyId, String key) {
        checkLength(keyId);
        return new ExternalAccountBinding(HmacKey.unquoted(keyId), HmacKey.parse(key));
    }

    private static void checkLength(String keyId) {
        if (keyId.isBlank() || keyId.length() > MAX_KEY_ID_LENGTH) {
            throw new IllegalArgumentException("a key id has 1 to " + MAX_KEY_ID_LENGTH + " characters");
        }
    }

    @Override
    public String toString() {
        return "external account binding with the key id " + keyId;
    }
}
