package org.ringcert.acme;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something asked of a CA did not succeed. The message is a sentence for the administrator, with the CA's own words
 * where it said any.
 */
public final class AcmeException extends Exception {

    private static final long serialVersionUID = 1;

    /** What callers tell apart. */
    public enum Kind {
        /** The account is not known to the CA any more ({@code accountDoesNotExist}). */
        ACCOUNT_GONE,
        /**
         * Too many requests of some kind ({@code rateLimited}); {@link AcmeException#retryAfter()} says when again,
         * where the CA does.
         */
        RATE_LIMITED,
        /** The resource is not there (404): an order that the CA forgot. */
        NOT_FOUND,
        /** The CA refused, and asking again will not help. */
        REFUSED,
        /** No answer in time, no connection, or the CA is out of order (5xx): asking later may help. */
        UNREACHABLE,
        /** An answer that is not ACME. */
        INVALID_RESPONSE,
        /** A certificate that cannot be used: fetching it again will not help. */
        UNUSABLE_CERTIFICATE
    }

    private final Kind kind;

    @SuppressWarnings("serial")
    private final Optional<ProblemDocument> problem;

    @SuppressWarnings("serial")
    private final Optional<Duration> retryAfter;

    public AcmeException(
            Kind kind,
            String message,
            Optional<ProblemDocument> problem,
            Optional<Duration> retryAfter,
            @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    /** The same, with a sentence after its message. */
    AcmeException withAdvice(String sentence) {
        return new AcmeException(kind, getMessage() + ". " + sentence, problem, retryAfter, this);
    }

    public Kind kind() {
        return kind;
    }

    /** What the CA said, where it said something. */
    public Optional<ProblemDocument> problem() {
        return problem;
    }

    /** How long the CA wants to be left alone, where it says so; at most a week. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
