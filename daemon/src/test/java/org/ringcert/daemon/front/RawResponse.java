package org.ringcert.daemon.front;

/**
 * A response as a {@link RawClient} received it.
 *
 * @param head the status line and the header fields, each ended by CR LF
 */
record RawResponse(String head, String body) {

    String status() {
        return head.substring(0, head.indexOf("\r\n"));
    }

    /** Returns true if the response has exactly this header field, as in {@code Connection: close}. */
    boolean has(String field) {
        return head.contains("\r\n" + field + "\r\n");
    }
}
