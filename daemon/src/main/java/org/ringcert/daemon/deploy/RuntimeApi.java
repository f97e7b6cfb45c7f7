package org.ringcert.daemon.deploy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.ringcert.http.TimeLimit;

/** HAProxy's runtime API: one command for each connection, and all that comes back until HAProxy closes it. */
final class RuntimeApi {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LARGEST_ANSWER = 1 << 20;

    private final Path socket;

    RuntimeApi(Path socket) {
        this.socket = socket;
    }

    /**
     * Asks and waits for the answer; an interrupt ends it.
     *
     * @param command without the line end
     * @throws IOException if there is no whole answer; the message says why, and never what was asked
     */
    String ask(String command) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                TimeLimit limit = TimeLimit.of(PATIENCE, channel)) {
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                ByteBuffer bytes = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                return answer(channel);
            } catch (IOException e) {
                throw limit.isOver()
                        ? new IOException(socket + " gives no answer within " + PATIENCE.toSeconds() + " seconds", e)
                        : new IOException(
                                socket + " cannot be used (" + e.getMessage() + "); HAProxy needs `stats socket "
                                        + socket + " level admin` in `global`",
                                e);
            }
        }
    }

    private static String answer(SocketChannel channel) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (channel.read(buffer) >= 0) {
            answer.write(buffer.array(), 0, buffer.position());
            buffer.clear();
            if (answer.size() > LARGEST_ANSWER) {
                throw new IOException("it answers without an end");
            }
        }
        return answer.toString(StandardCharsets.UTF_8);
    }
}
