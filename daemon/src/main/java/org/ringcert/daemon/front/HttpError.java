package org.ringcert.daemon.front;

/** The reason why a request is not served, as a status code (RFC 9110, section 15). */
public enum HttpError {
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
    private final boolean closesConnection;

    HttpError(String status, boolean closesConnection) {
        this.status = status;
        this.closesConnection = closesConnection;
    }

    /** Returns the status code and reason phrase, as in a status line. */
    public String status() {
        return status;
    }

    /** Returns true if the connection is closed afterwards, because what follows cannot be trusted or is not wanted. */
    boolean closesConnection() {
        return closesConnection;
    }
}
