package org.ringcert.daemon.front;

/** Why a request is not served, with its status code (RFC 9110, section 15). */
enum Refusal {
    BAD_REQUEST("400 Bad Request", true),
    NOT_FOUND("404 Not Found", false),
    METHOD_NOT_ALLOWED("405 Method Not Allowed", true),
    REQUEST_TIMEOUT("408 Request Timeout", true),
    URI_TOO_LONG("414 URI Too Long", true),
    FIELDS_TOO_LARGE("431 Request Header Fields Too Large", true),
    INTERNAL_ERROR("500 Internal Server Error", true),
    UNAVAILABLE("503 Service Unavailable", true),
    VERSION_NOT_SUPPORTED("505 HTTP Version Not Supported", true);

    private final String status;
    private final boolean closes;

    Refusal(String status, boolean closes) {
        this.status = status;
        this.closes = closes;
    }

    /** Code and reason, as a status line carries them. */
    String status() {
        return status;
    }

    /** Whether the connection ends with it: what follows on it cannot be trusted, or is not worth having. */
    boolean closes() {
        return closes;
    }
}
