package org.ringcert.acme;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.PrintableText;

/**
 * A challenge of an authorization, as the CA returned it (RFC 8555, section 8). Immutable.
 *
 * @param type the challenge type; Ringcert responds to {@code http-01}
 * @param token empty if the challenge has no token or one that does not follow the syntax of {@link Token}
 * @param status {@code PENDING} if the CA does not report a status
 * @param error why the last validation attempt failed, if the CA says so
 * @param validationRecords what the CA requested to validate the name, in its order; empty if the CA does not say
 */
public record Challenge(
        String type,
        URI url,
        Optional<Token> token,
        Status status,
        Optional<ProblemDocument> error,
        List<ValidationRecord> validationRecords) {

    public Challenge {
        validationRecords = List.copyOf(validationRecords);
    }

    /** RFC 8555, section 7.1.6. */
    public enum Status {
        PENDING,
        PROCESSING,
        VALID,
        INVALID
    }

    /** Whether a response has been submitted to the CA, and the CA is still validating it or has found it valid. */
    public boolean isSubmitted() {
        return status == Status.VALID || (status == Status.PROCESSING && error.isEmpty());
    }

    /**
     * Whether the validation has failed and the CA will not retry by itself. A CA that retries reports
     * {@code processing} (RFC 8555, section 8.2). Some CAs leave the authorization and its order pending after a
     * failure.
     */
    public boolean hasFailed() {
        return status == Status.INVALID || (status == Status.PENDING && error.isPresent());
    }

    /** Returns empty if the challenge is malformed: an unfamiliar type must not make the others unusable. */
    static Optional<Challenge> read(JsonFields fields) {
        try {
            return Optional.of(new Challenge(
                    PrintableText.of(fields.text("type"), 100),
                    fields.url("url"),
                    fields.optionalText("token").flatMap(Token::parse),
                    status(fields.optionalText("status").orElse("")),
                    fields.any("error").flatMap(error -> ProblemDocument.read(error, 0)),
                    records(fields)));
        } catch (AcmeException _) {
            return Optional.empty();
        }
    }

    /** Returns this challenge with the status and the error of a later response about it. */
    Challenge updated(JsonFields fields) throws AcmeException {
        return new Challenge(
                type,
                url,
                token,
                status(fields.optionalText("status").orElse("")),
                fields.any("error").flatMap(error -> ProblemDocument.read(error, 0)),
                records(fields));
    }

    private static List<ValidationRecord> records(JsonFields fields) {
        return fields.any("validationRecord").map(ValidationRecord::readAll).orElse(List.of());
    }

    private static Status status(String text) {
        return Arrays.stream(Status.values())
                .filter(status -> status.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElse(Status.PENDING);
    }
}
