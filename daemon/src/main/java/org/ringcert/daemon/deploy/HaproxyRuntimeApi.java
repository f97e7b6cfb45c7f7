package org.ringcert.daemon.deploy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.ringcert.http.TimeLimit;

/** HAProxy's runtime API: one command for each connection, and all that comes back until HAProxy closes it. */
final class HaproxyRuntimeApi {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LARGEST_ANSWER = 1 << 20;

    private final Path socket;

    HaproxyRuntimeApi(Path socket) {
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
                TimeLimit limit = TimeLimit.closeAfter(PATIENCE, channel)) {
            try {
                connect(channel);
                ByteBuffer bytes = ByteBuffer.wrap(bytes(command));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                return answer(channel);
            } catch (ConnectFailed e) {
                throw e;
            } catch (IOException e) {
                throw limit.hasExpired()
                        ? new IOException(socket + " gives no answer within " + PATIENCE.toSeconds() + " seconds", e)
                        : new IOException(socket + " has ended the connection (" + e.getMessage() + ")", e);
            }
        }
    }

    /** How many bytes HAProxy gets for that command. */
    static int size(String command) {
        return bytes(command).length;
    }

    private static byte[] bytes(String command) {
        return (command + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** There is no connection; the message says why and what helps. */
    private static final class ConnectFailed extends IOException {

        private static final long serialVersionUID = 1;

        ConnectFailed(String message, IOException cause) {
            super(message, cause);
        }
    }

    private void connect(SocketChannel channel) throws ConnectFailed {
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            throw new ConnectFailed(
                    socket + " cannot be used (" + why + "); "
                            + (why.contains("Permission denied")
                                    ? permission()
                                    : "HAProxy needs `stats socket " + socket + " level admin` in `global`"),
                    e);
        }
    }

    /** What the administrator has to allow. Who may connect is who may write the socket (unix(7)). */
    private String permission() {
        try {
            PosixFileAttributes attributes = Files.readAttributes(socket, PosixFileAttributes.class);
            String group = attributes.group().getName();
            return attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
                    ? "it is for the group " + group + ", which Ringcert is not in: `systemctl edit ringcert`, write"
                            + " SupplementaryGroups=" + group + " below [Service], and `systemctl restart ringcert`"
                    : "its permissions are " + PosixFilePermissions.toString(attributes.permissions())
                            + ": HAProxy needs `stats socket " + socket
                            + " mode 660 level admin` in `global`, and Ringcert to be in the socket's group (`systemctl edit ringcert`: SupplementaryGroups=GROUP below [Service])";
        } catch (IOException e) {
            return "who Ringcert runs as may not enter " + socket.getParent();
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
