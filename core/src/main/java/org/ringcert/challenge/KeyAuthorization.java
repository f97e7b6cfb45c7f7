package org.ringcert.challenge;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The response to a challenge: the token, a dot, and the SHA-256 thumbprint of the account's public key in base64url
 * (RFC 8555, section 8.1). Valid for that account only, and not secret. Immutable.
 *
 * @param thumbprint 43 base64url characters (RFC 7638)
 */
public record KeyAuthorization(Token token, String thumbprint) {

    private static final int THUMBPRINT_LENGTH = 43;
    private static final Pattern THUMBPRINT = Pattern.compile("[A-Za-z0-9_-]{" + THUMBPRINT_LENGTH + "}");

    /** Maximum length in characters: the longest token, a dot, and the thumbprint. */
    public static final int MAX_LENGTH = Token.MAX_LENGTH + 1 + THUMBPRINT_LENGTH;

    /** @throws IllegalArgumentException if the thumbprint is malformed */
    public KeyAuthorization {
        if (!THUMBPRINT.matcher(thumbprint).matches()) {
            throw new IllegalArgumentException("a thumbprint has " + THUMBPRINT_LENGTH + " base64url characters");
        }
    }

    /** Parses the text, which must be exactly a key authorization for this token; returns empty otherwise. */
    public static Optional<KeyAuthorization> parse(Token token, String text) {
        String prefix = token.value() + ".";
        if (!text.startsWith(prefix)) {
            return Optional.empty();
        }
        String thumbprint = text.substring(prefix.length());
        return THUMBPRINT.matcher(thumbprint).matches()
                ? Optional.of(new KeyAuthorization(token, thumbprint))
                : Optional.empty();
    }

    /** Returns the text that is served to the CA. */
    public String text() {
        return token.value() + "." + thumbprint;
    }

    @Override
    public String toString() {
        return text();
    }
}
