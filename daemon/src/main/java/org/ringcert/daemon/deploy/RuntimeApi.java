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
import java.util.concurrent.atomic.AtomicBoolean;

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
        AtomicBoolean late = new AtomicBoolean();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            Thread guard = Thread.ofVirtual().start(() -> endAfterPatience(channel, late));
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                ByteBuffer bytes = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                return answer(channel);
            } finally {
                guard.interrupt();
            }
        } catch (IOException e) {
            throw new IOException(
                    late.get()
                            ? socket + " gives no answer within " + PATIENCE.toSeconds() + " seconds"
                            : socket + " cannot be used (" + e.getMessage() + "); HAProxy needs `stats socket " + socket
                                    + " level admin` in `global`",
                    e);
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

    private static void endAfterPatience(SocketChannel channel, AtomicBoolean late) {
        try {
            Thread.sleep(PATIENCE);
            late.set(true);
            channel.close();
        } catch (InterruptedException e) {
            // the answer was there before
        } catch (IOException e) {
            // then it is closed already
        }
    }
}
