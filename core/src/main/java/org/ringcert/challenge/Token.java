package org.ringcert.challenge;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The token of an {@code http-01} challenge: 16 to 256 characters of the base64url alphabet (RFC 8555, section 8.3; CAs
 * use 22 to 43 or more). It is public, and safe as a file name and in a URL. Immutable.
 */
public record Token(String value) {

    private static final Pattern SYNTAX = Pattern.compile("[A-Za-z0-9_-]{16,256}");

    /** Where challenges are asked for: this path, then the token. */
    public static final String PATH = "/.well-known/acme-challenge/";

    /** @throws IllegalArgumentException if the value is no token; the message does not repeat it */
    public Token {
        if (!SYNTAX.matcher(value).matches()) {
            throw new IllegalArgumentException("not a token of 16 to 256 base64url characters");
        }
    }

    /** The token that the text is, or nothing where it is none. */
    public static Optional<Token> parse(String text) {
        return SYNTAX.matcher(text).matches() ? Optional.of(new Token(text)) : Optional.empty();
    }

    /** The path of the URL where the CA asks for it. */
    public String path() {
        return PATH + value;
    }

    @Override
    public String toString() {
        return value;
    }
}
