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

/** HAProxy's runtime API. Each connection carries one command and its reply, until HAProxy closes it. */
final class HaproxyRuntimeApi {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_REPLY_BYTES = 1 << 20;

    private final Path socket;

    HaproxyRuntimeApi(Path socket) {
        this.socket = socket;
    }

    /**
     * Sends a command and returns the reply. An interrupt ends the wait.
     *
     * @param command without the line end
     * @throws IOException if there is no complete reply; the message says why, and never contains the command
     */
    String send(String command) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                TimeLimit timeLimit = TimeLimit.closeAfter(TIMEOUT, channel)) {
            try {
                connect(channel);
                ByteBuffer bytes = ByteBuffer.wrap(bytes(command));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                return readReply(channel);
            } catch (ConnectFailedException e) {
                throw e;
            } catch (IOException e) {
                throw timeLimit.hasExpired()
                        ? new IOException(socket + " did not answer within " + TIMEOUT.toSeconds() + " seconds", e)
                        : new IOException(socket + " closed the connection (" + e.getMessage() + ")", e);
            }
        }
    }

    /** Returns the number of bytes that are sent for this command. */
    static int size(String command) {
        return bytes(command).length;
    }

    private static byte[] bytes(String command) {
        return (command + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The socket cannot be connected to. The message gives the reason and the remedy. */
    private static final class ConnectFailedException extends IOException {

        private static final long serialVersionUID = 1;

        ConnectFailedException(String message, IOException cause) {
            super(message, cause);
        }
    }

    private void connect(SocketChannel channel) throws ConnectFailedException {
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage());
            throw new ConnectFailedException(
                    socket + " cannot be used (" + reason + "); "
                            + (reason.contains("Permission denied")
                                    ? permissionRemedy()
                                    : "HAProxy needs `stats socket " + socket + " level admin` in `global`"),
                    e);
        }
    }

    /** Returns what the administrator must allow. Connecting takes permission to write to the socket (unix(7)). */
    private String permissionRemedy() {
        try {
            PosixFileAttributes attributes = Files.readAttributes(socket, PosixFileAttributes.class);
            String group = attributes.group().getName();
            return attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
                    ? "it belongs to the group " + group + ", which Ringcert is not in: " + joinGroup(group)
                    : "its permissions are " + PosixFilePermissions.toString(attributes.permissions())
                            + ": HAProxy needs `stats socket " + socket
                            + " mode 660 level admin` in `global`, and Ringcert must be in the socket's group: "
                            + joinGroup("GROUP");
        } catch (IOException e) {
            return "the user that runs Ringcert is not allowed to enter " + socket.getParent();
        }
    }

    private static String joinGroup(String group) {
        return "run `systemctl edit ringcert`, add SupplementaryGroups=" + group
                + " below [Service], then run `systemctl restart ringcert`";
    }

    private static String readReply(SocketChannel channel) throws IOException {
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (channel.read(buffer) >= 0) {
            reply.write(buffer.array(), 0, buffer.position());
            buffer.clear();
            if (reply.size() > MAX_REPLY_BYTES) {
                throw new IOException("the reply is too long");
            }
        }
        return reply.toString(StandardCharsets.UTF_8);
    }
}
