package org.ringcert.http;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A listening TCP socket of this machine, as Linux lists it in {@code /proc/net/tcp} and {@code /proc/net/tcp6}.
 * Immutable.
 *
 * @param address {@code 0.0.0.0} or {@code ::} for all addresses. A socket on {@code ::} may accept IPv4 as well; Linux
 *     does not list whether it does.
 * @param inode the socket's inode, as in the links of {@code /proc/PID/fd}
 */
public record ListeningSocket(InetAddress address, int port, String inode) {

    private static final String STATE_LISTEN = "0A";

    /** Returns the listening sockets on a port. Never fails; unreadable entries are left out. */
    public static List<ListeningSocket> onPort(int port) {
        return all().stream().filter(socket -> socket.port() == port).toList();
    }

    /** Returns all listening sockets. Never fails; unreadable entries are left out. */
    public static List<ListeningSocket> all() {
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .flatMap(table -> read(table).stream())
                .toList();
    }

    private static List<ListeningSocket> read(String table) {
        try (Stream<String> lines = Files.lines(Path.of(table))) {
            return lines.skip(1)
                    .map(line -> line.strip().split("\\s+"))
                    .filter(columns -> columns.length > 9 && columns[3].equals(STATE_LISTEN))
                    .map(columns -> parse(columns[1], columns[9]))
                    .toList();
        } catch (IOException | RuntimeException e) {
            return List.of();
        }
    }

    /** Parses ADDRESS:PORT in hexadecimal. The address consists of 32-bit words in the machine's byte order. */
    private static ListeningSocket parse(String addressAndPort, String inode) {
        String[] parts = addressAndPort.toUpperCase(Locale.ROOT).split(":", -1);
        ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(parts[0])).order(ByteOrder.nativeOrder());
        ByteBuffer bytes = ByteBuffer.allocate(words.capacity());
        while (words.hasRemaining()) {
            bytes.putInt(words.getInt());
        }
        try {
            return new ListeningSocket(InetAddress.getByAddress(bytes.array()), Integer.parseInt(parts[1], 16), inode);
        } catch (IOException e) {
            throw new IllegalStateException("the address has an unexpected length", e);
        }
    }
}
