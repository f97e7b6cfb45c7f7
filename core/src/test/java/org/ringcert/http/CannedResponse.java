package org.ringcert.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;

/** Parses a response from memory exactly as {@link HttpGet} parses one from the network. */
public final class CannedResponse {

    private CannedResponse() {}

    public static HttpGet.Response read(InputStream from, int maxBodyBytes) throws IOException {
        try (Socket socket = new Socket() {
            @Override
            public InputStream getInputStream() {
                return from;
            }

            @Override
            public void setSoTimeout(int millis) {}
        }) {
            SocketDeadline distant = SocketDeadline.after(Duration.ofMinutes(15));
            return new ResponseReader(socket, distant).read(ResponseLimits.ofBody(maxBodyBytes));
        }
    }
}
