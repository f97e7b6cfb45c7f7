package org.ringcert.issue;

import java.time.Instant;
import java.util.Optional;

/** An order does not lead to a certificate. The message is a sentence for the administrator. */
final class IssueException extends Exception {

    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // never serialized
    private final Optional<Instant> notBefore;

    IssueException(String message) {
        this(message, Optional.empty());
    }

    IssueException(String message, Optional<Instant> notBefore) {
        super(message);
        this.notBefore = notBefore;
    }

    /** Present where no order was made, because none may be made before. */
    Optional<Instant> notBefore() {
        return notBefore;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
