package org.ringcert.daemon.admin;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A response of the admin server. The server adds the headers that all responses have.
 *
 * @param contentType with its charset
 * @param body empty if it is written piece by piece
 * @param pieces writes a body that is too large to be kept in memory
 */
@SuppressWarnings("ArrayRecordComponent") // written once, to a socket
public record AdminResponse(int status, String contentType, byte[] body, Optional<BodyWriter> pieces) {

    /** Creates a response whose body is in memory. */
    public AdminResponse(int status, String contentType, byte[] body) {
        this(status, contentType, body, Optional.empty());
    }

    /** Writes a body. Called once at most, on the thread of the handler, and not for HEAD. */
    @FunctionalInterface
    public interface BodyWriter {

        /**
         * Writes the whole body.
         *
         * @throws IOException if the client has gone
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Returns a response of plain text. A newline is added. */
    public static AdminResponse text(int status, String text) {
        return new AdminResponse(status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a response whose body is written while it is sent. */
    public static AdminResponse inPieces(int status, String contentType, BodyWriter body) {
        return new AdminResponse(status, contentType, new byte[0], Optional.of(body));
    }
}
