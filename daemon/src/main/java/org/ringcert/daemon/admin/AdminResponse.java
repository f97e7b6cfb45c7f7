package org.ringcert.daemon.admin;

import java.nio.charset.StandardCharsets;

/**
 * A response of the admin server. The server adds the headers that all responses have.
 *
 * @param contentType with its charset
 */
@SuppressWarnings("ArrayRecordComponent") // written once, to a socket
public record AdminResponse(int status, String contentType, byte[] body) {

    /** Returns a response of plain text. A newline is added. */
    public static AdminResponse text(int status, String text) {
        return new AdminResponse(status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
