package org.ringcert.daemon.front;

/** The reason why a request is not served, as a status code (RFC 9110, section 15). */
public enum HttpError {
    BAD_REQUEST("400 Bad Request", AfterResponse.CLOSE),
    NOT_FOUND("404 Not Found", AfterResponse.KEEP_OPEN),
    METHOD_NOT_ALLOWED("405 Method Not Allowed", AfterResponse.CLOSE),
    REQUEST_TIMEOUT("408 Request Timeout", AfterResponse.CLOSE),
    URI_TOO_LONG("414 URI Too Long", AfterResponse.CLOSE),
    FIELDS_TOO_LARGE("431 Request Header Fields Too Large", AfterResponse.CLOSE),
    INTERNAL_ERROR("500 Internal Server Error", AfterResponse.CLOSE),
    UNAVAILABLE("503 Service Unavailable", AfterResponse.CLOSE),
    VERSION_NOT_SUPPORTED("505 HTTP Version Not Supported", AfterResponse.CLOSE);

    /** What happens to the connection after the response. */
    private enum AfterResponse {
        KEEP_OPEN,
        CLOSE
    }

    private final String status;
    private final AfterResponse afterResponse;

    HttpError(String status, AfterResponse afterResponse) {
        this.status = status;
        this.afterResponse = afterResponse;
    }

    /** Returns the status code and reason phrase, as in a status line. */
    public String status() {
        return status;
    }

    /** Returns true if the connection is closed afterwards, because what follows cannot be trusted or is not wanted. */
    boolean closesConnection() {
        return afterResponse == AfterResponse.CLOSE;
    }
}
