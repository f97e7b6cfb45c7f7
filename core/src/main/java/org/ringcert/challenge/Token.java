package org.ringcert.challenge;

import java.util.Optional;

/**
 * The token of an {@code http-01} challenge: 16 to 256 characters of the base64url alphabet (RFC 8555, section 8.3; CAs
 * use 22 to 43 or more). It is public, and safe as a file name and in a URL. Immutable.
 */
public record Token(String value) {

    private static final int SHORTEST = 16;
    static final int MAX_LENGTH = 256;

    /** Where challenges are asked for: this path, then the token. */
    public static final String PATH_PREFIX = "/.well-known/acme-challenge/";

    /** @throws IllegalArgumentException if the value is no token; the message does not repeat it */
    public Token {
        if (!isToken(value)) {
            throw new IllegalArgumentException("not a token of 16 to 256 base64url characters");
        }
    }

    /** The token that the text is, or nothing where it is none. */
    public static Optional<Token> parse(String text) {
        return isToken(text) ? Optional.of(new Token(text)) : Optional.empty();
    }

    /** The path of the URL where the CA asks for it. */
    public String path() {
        return PATH_PREFIX + value;
    }

    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isBase64Url(text.charAt(i))) {
                return false;
            }
        }
        return text.length() >= SHORTEST && text.length() <= MAX_LENGTH;
    }

    private static boolean isBase64Url(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    @Override
    public String toString() {
        return value;
    }
}
