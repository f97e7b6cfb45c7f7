package org.ringcert.acme;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request to a CA failed. The message is a sentence for the administrator and includes the CA's own explanation, if
 * it gave one.
 */
public final class AcmeException extends Exception {

    private static final long serialVersionUID = 1;

    /** The cases that callers handle differently. */
    public enum Kind {
        /** The CA no longer knows the account ({@code accountDoesNotExist}). */
        ACCOUNT_GONE,
        /**
         * A rate limit was exceeded ({@code rateLimited}). {@link AcmeException#retryAfter()} says how long to wait, if
         * the CA does.
         */
        RATE_LIMITED,
        /** The resource does not exist (404). For an order: the CA has forgotten it. */
        NOT_FOUND,
        /** The CA refused the request, and repeating it will not help. */
        REFUSED,
        /** No connection, no response in time, or a server error (5xx). A later attempt may succeed. */
        UNREACHABLE,
        /**
         * Another order already replaces the certificate that a new order was to replace ({@code alreadyReplaced}, RFC
         * 9773, section 7.4). An order that replaces nothing may succeed.
         */
        ALREADY_REPLACED,
        /** The response is not valid ACME. */
        INVALID_RESPONSE,
        /** This server's clock and the CA's are more than a day apart. Nothing was ordered. */
        WRONG_CLOCK,
        /** The issued certificate cannot be used. Downloading it again will not help. */
        UNUSABLE_CERTIFICATE
    }

    /** Whose failure it is, and so whether another CA could do better. */
    public enum Fault {
        /** The CA's, or the account's with it. Another CA may issue the certificate. */
        CA,
        /** The site's, such as its DNS. Other CAs would fail as well. */
        SITE
    }

    private final Kind kind;
    private final String statement;
    private final String advice;
    private final boolean isUnsent;

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
        this(kind, message, "", problem, retryAfter, false, cause);
    }

    private AcmeException(
            Kind kind,
            String statement,
            String advice,
            Optional<ProblemDocument> problem,
            Optional<Duration> retryAfter,
            boolean isUnsent,
            @Nullable Throwable cause) {
        super(advice.isEmpty() ? statement : statement + ". " + advice, cause);
        this.kind = kind;
        this.statement = statement;
        this.advice = advice;
        this.isUnsent = isUnsent;
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    /** Returns this exception with another kind. */
    AcmeException withKind(Kind other) {
        return new AcmeException(other, statement, advice, problem, retryAfter, isUnsent, this);
    }

    /** Returns this exception with sentences appended to the message. */
    AcmeException withAdvice(String sentences) {
        return withOnlyAdvice(advice.isEmpty() ? sentences : advice + " " + sentences);
    }

    /** Returns this exception with these sentences in the message, instead of the advice that it has had so far. */
    AcmeException withOnlyAdvice(String sentences) {
        return new AcmeException(kind, statement, sentences, problem, retryAfter, isUnsent, this);
    }

    public Kind kind() {
        return kind;
    }

    /** Returns this exception for a request that was not sent, because one that it depends on has failed. */
    public AcmeException unsent() {
        return new AcmeException(kind, statement, advice, problem, retryAfter, true, this);
    }

    /** Whether the CA may have done what the request asked for, because there was no answer that says so. */
    public boolean isOutcomeUnknown() {
        return !isUnsent && (kind == Kind.UNREACHABLE || kind == Kind.INVALID_RESPONSE);
    }

    /**
     * Returns whose failure it is. A refusal is judged by the types in its problem document, as is a validation that
     * the CA does not end. Everything else is the CA's.
     */
    public Fault fault() {
        return switch (kind) {
            case REFUSED -> problem.map(ProblemDocument::fault).orElse(Fault.CA);
            // A status belongs to the reply to a request, here to a server error.
            case UNREACHABLE ->
                problem.filter(document -> document.status() == 0)
                        .map(ProblemDocument::fault)
                        .orElse(Fault.CA);
            case ACCOUNT_GONE,
                    RATE_LIMITED,
                    NOT_FOUND,
                    ALREADY_REPLACED,
                    INVALID_RESPONSE,
                    WRONG_CLOCK,
                    UNUSABLE_CERTIFICATE -> Fault.CA;
        };
    }

    /** Returns the CA's explanation, if it gave one. */
    public Optional<ProblemDocument> problem() {
        return problem;
    }

    /** Returns how long the CA asks to wait, if it does; at most a week. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
