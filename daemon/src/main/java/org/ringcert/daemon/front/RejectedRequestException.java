package org.ringcert.daemon.front;

/**
 * The received bytes are not a request that may be served. Has no stack trace, because any client can cause it as often
 * as it likes.
 */
final class RejectedRequestException extends Exception {

    private final HttpError error;

    RejectedRequestException(HttpError error) {
        super(error.status(), null, false, false);
        this.error = error;
    }

    HttpError error() {
        return error;
    }
}
