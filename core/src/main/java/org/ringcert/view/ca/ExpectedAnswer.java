package org.ringcert.view.ca;

import java.util.Optional;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;

/**
 * What a walk must get.
 *
 * @param token what is requested; empty if a URL without a token is traced
 * @param answer the only answer that is accepted; empty if that of any account is
 */
record ExpectedAnswer(Optional<Token> token, Optional<KeyAuthorization> answer) {

    static ExpectedAnswer of(KeyAuthorization answer) {
        return new ExpectedAnswer(Optional.of(answer.token()), Optional.of(answer));
    }

    /** The answer of any account. */
    static ExpectedAnswer to(Token token) {
        return new ExpectedAnswer(Optional.of(token), Optional.empty());
    }

    /** The answer to the token at the end of the path. */
    static ExpectedAnswer at(String path) {
        return new ExpectedAnswer(
                path.startsWith(Token.PATH_PREFIX)
                        ? Token.parse(path.substring(Token.PATH_PREFIX.length()))
                        : Optional.empty(),
                Optional.empty());
    }

    /** Returns whether the answer of any account will do, so that nobody knows whether there is one. */
    boolean isFromAnyAccount() {
        return answer.isEmpty();
    }

    /** Returns whether a URL has the token in it. */
    boolean isIn(String url) {
        return token.isEmpty() || url.contains(token.get().value());
    }
}
