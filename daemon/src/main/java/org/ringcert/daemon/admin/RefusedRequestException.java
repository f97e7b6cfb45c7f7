package org.ringcert.daemon.admin;

/** A request that is not answered by a handler. The message is for the client, and repeats nothing that it sent. */
final class RefusedRequestException extends Exception {

    private final int status;

    RefusedRequestException(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }

    AdminResponse response() {
        return AdminResponse.text(status, String.valueOf(getMessage()));
    }
}
