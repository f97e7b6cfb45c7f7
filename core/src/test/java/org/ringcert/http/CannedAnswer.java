package org.ringcert.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** What {@link HttpGet} makes of an answer that comes from memory, not from a peer. */
public final class CannedAnswer {

    private CannedAnswer() {}

    /** Reads one answer, without a deadline. */
    public static HttpGet.Response read(InputStream from, int largestBody) throws IOException {
        try (Socket socket = new Socket() {
            @Override
            public InputStream getInputStream() {
                return from;
            }

            @Override
            public void setSoTimeout(int millis) {}
        }) {
            HttpGet.Deadline never = new HttpGet.Deadline(System.nanoTime() + 1_000_000_000_000L);
            return new HttpGet.Reader(socket, never).response(largestBody);
        }
    }
}
