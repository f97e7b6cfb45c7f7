package org.ringcert.challenge;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What answers a challenge: the token, a dot, and the SHA-256 thumbprint of the account's public key in base64url (RFC
 * 8555, section 8.1). It is good for that account only and no secret. Immutable.
 *
 * @param thumbprint 43 base64url characters (RFC 7638)
 */
public record KeyAuthorization(Token token, String thumbprint) {

    private static final int THUMBPRINT_LENGTH = 43;
    private static final Pattern THUMBPRINT = Pattern.compile("[A-Za-z0-9_-]{" + THUMBPRINT_LENGTH + "}");

    /** How many characters a key authorization has at most: those of the longest token, a dot, and the thumbprint. */
    public static final int MAX_LENGTH = Token.MAX_LENGTH + 1 + THUMBPRINT_LENGTH;

    /** @throws IllegalArgumentException if the thumbprint is none */
    public KeyAuthorization {
        if (!THUMBPRINT.matcher(thumbprint).matches()) {
            throw new IllegalArgumentException("not a thumbprint of 43 base64url characters");
        }
    }

    /** The key authorization for that token that the text is exactly, or nothing where it is none. */
    public static Optional<KeyAuthorization> parse(Token token, String text) {
        String start = token.value() + ".";
        if (!text.startsWith(start)) {
            return Optional.empty();
        }
        String rest = text.substring(start.length());
        return THUMBPRINT.matcher(rest).matches() ? Optional.of(new KeyAuthorization(token, rest)) : Optional.empty();
    }

    /** The body of the answer to the CA. */
    public String text() {
        return token.value() + "." + thumbprint;
    }

    @Override
    public String toString() {
        return text();
    }
}
