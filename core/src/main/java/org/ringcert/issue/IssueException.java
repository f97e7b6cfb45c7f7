package org.ringcert.issue;

import java.time.Duration;
import java.util.Optional;

/** An order does not lead to a certificate. The message is a sentence for the administrator. */
final class IssueException extends Exception {

    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // never serialized
    private final Optional<Duration> retryAfter;

    IssueException(String message) {
        this(message, Optional.empty());
    }

    IssueException(String message, Optional<Duration> retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    Optional<Duration> retryAfter() {
        return retryAfter;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
