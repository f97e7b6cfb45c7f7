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

    /** Returns this exception with a sentence appended to the message. */
    AcmeException withAdvice(String sentence) {
        return new AcmeException(kind, getMessage() + ". " + sentence, problem, retryAfter, this);
    }

    public Kind kind() {
        return kind;
    }

    /** Returns whose failure it is. A refusal is judged by the types in its problem document. */
    public Fault fault() {
        return Fault.CA;
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
