package org.ringcert.acme;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.ringcert.challenge.Token;

/**
 * A challenge as the CA showed it (RFC 8555, section 8). Immutable.
 *
 * @param type {@code http-01} is the one that is answered here
 * @param token empty where it has none or one that is not of the syntax of {@link Token}
 * @param status where the CA is with it; {@code PENDING} where it does not say
 * @param error why the last try to validate failed, where the CA says so
 */
public record Challenge(String type, URI url, Optional<Token> token, Status status, Optional<ProblemDocument> error) {

    /** RFC 8555, section 7.1.6. */
    public enum Status {
        PENDING,
        PROCESSING,
        VALID,
        INVALID
    }

    /** Whether the CA has been told of the answer and is at work on it, or has found it. */
    public boolean isSubmitted() {
        return status == Status.VALID || (status == Status.PROCESSING && error.isEmpty());
    }

    /**
     * Whether the validation has failed and the CA tries no more by itself: a CA that still tries says
     * {@code processing} (RFC 8555, section 8.2). Some then leave the authorization, and the order with it, pending.
     */
    public boolean hasFailed() {
        return status == Status.INVALID || (status == Status.PENDING && error.isPresent());
    }

    /** Empty where it cannot be read: one that we do not know must not spoil those that we do. */
    static Optional<Challenge> read(JsonFields fields) {
        try {
            return Optional.of(new Challenge(
                    ProblemDocument.clean(fields.text("type"), 100),
                    fields.url("url"),
                    fields.optionalText("token").flatMap(Token::parse),
                    status(fields.optionalText("status").orElse("")),
                    fields.any("error").flatMap(error -> ProblemDocument.read(error, 0))));
        } catch (AcmeException _) {
            return Optional.empty();
        }
    }

    private static Status status(String word) {
        return Arrays.stream(Status.values())
                .filter(status -> status.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElse(Status.PENDING);
    }
}
