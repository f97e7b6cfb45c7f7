package org.ringcert.challenge;

import java.util.Optional;

/**
 * The token of an {@code http-01} challenge: 16 to 256 characters of the base64url alphabet (RFC 8555, section 8.3; CAs
 * use 22 to 43 or more). Public, and safe in a URL and as a file name. Immutable.
 */
public record Token(String value) {

    public static final int MIN_LENGTH = 16;
    public static final int MAX_LENGTH = 256;

    /** The path at which challenges are requested, up to the token (RFC 8555, section 8.3). */
    public static final String PATH_PREFIX = "/.well-known/acme-challenge/";

    /** @throws IllegalArgumentException if the value is not a token; the message does not repeat it */
    public Token {
        if (!isToken(value)) {
            throw new IllegalArgumentException(
                    "a token has " + MIN_LENGTH + " to " + MAX_LENGTH + " base64url characters");
        }
    }

    /** Parses the text; returns empty if it is not a token. */
    public static Optional<Token> parse(String text) {
        return isToken(text) ? Optional.of(new Token(text)) : Optional.empty();
    }

    /** Returns the path at which the CA requests this token. */
    public String path() {
        return PATH_PREFIX + value;
    }

    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isBase64Url(text.charAt(i))) {
                return false;
            }
        }
        return text.length() >= MIN_LENGTH && text.length() <= MAX_LENGTH;
    }

    private static boolean isBase64Url(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    @Override
    public String toString() {
        return value;
    }
}
