package org.ringcert.acme;

import java.net.URI;
import java.util.Optional;
import org.ringcert.challenge.Token;

/**
 * A challenge as the CA showed it (RFC 8555, section 8). Immutable.
 *
 * @param type {@code http-01} is the one that is answered here
 * @param token empty where it has none or one that is not of the syntax of {@link Token}
 * @param processing whether the CA has been told of the answer and is at work on it (RFC 8555, section 7.1.6)
 * @param error why the validation failed, where the CA says so
 */
public record Challenge(String type, URI url, Optional<Token> token, boolean processing, Optional<Problem> error) {

    /** Empty where it cannot be read: one that we do not know must not spoil those that we do. */
    static Optional<Challenge> read(Fields fields) {
        try {
            return Optional.of(new Challenge(
                    Problem.clean(fields.text("type"), 100),
                    fields.url("url"),
                    fields.optionalText("token").flatMap(Token::parse),
                    fields.optionalText("status").equals(Optional.of("processing")),
                    fields.any("error").flatMap(error -> Problem.read(error, 0))));
        } catch (AcmeException _) {
            return Optional.empty();
        }
    }
}
