package org.ringcert.http;

import java.net.ProtocolException;

/** Thrown if a response does not begin as one of HTTP/1. */
public final class NotHttpException extends ProtocolException {

    private static final long serialVersionUID = 1;

    /** What the first bytes of a response look like. */
    public enum Kind {
        /** A SETTINGS frame of HTTP/2 (RFC 9113, section 3.4). */
        HTTP2("the server speaks HTTP/2 without being asked"),
        /** A TLS alert or handshake record (RFC 8446, section 5.1). */
        TLS("the server speaks TLS on this port"),
        /** Anything else. */
        OTHER("the response is not HTTP/1.1");

        private final String message;

        Kind(String message) {
            this.message = message;
        }
    }

    private final Kind kind;

    NotHttpException(Kind kind) {
        super(kind.message);
        this.kind = kind;
    }

    /** Returns what the response looks like. */
    public Kind kind() {
        return kind;
    }
}
