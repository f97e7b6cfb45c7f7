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
 * A TCP socket of this machine that somebody listens on, as Linux tells it in {@code /proc/net/tcp} and {@code tcp6}.
 * Immutable.
 *
 * @param address {@code 0.0.0.0} and {@code ::} for all; {@code ::} may take IPv4 as well, which is not told
 * @param inode as {@code /proc/PID/fd} names it
 */
public record ListeningSocket(InetAddress address, int port, String inode) {

    private static final String LISTENING = "0A";

    /** All at that port. Never fails: what cannot be read is left out. */
    public static List<ListeningSocket> onPort(int port) {
        return all().stream().filter(socket -> socket.port() == port).toList();
    }

    /** All at whatever port. Never fails: what cannot be read is left out. */
    public static List<ListeningSocket> all() {
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .flatMap(table -> read(table).stream())
                .toList();
    }

    private static List<ListeningSocket> read(String table) {
        try (Stream<String> lines = Files.lines(Path.of(table))) {
            return lines.skip(1)
                    .map(line -> line.strip().split("\\s+"))
                    .filter(columns -> columns.length > 9 && columns[3].equals(LISTENING))
                    .map(columns -> of(columns[1], columns[9]))
                    .toList();
        } catch (IOException | RuntimeException e) {
            return List.of();
        }
    }

    /** The address is written by 32 bits, each in the machine's own order. */
    private static ListeningSocket of(String written, String inode) {
        String[] parts = written.toUpperCase(Locale.ROOT).split(":", -1);
        ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(parts[0])).order(ByteOrder.nativeOrder());
        ByteBuffer bytes = ByteBuffer.allocate(words.capacity());
        while (words.hasRemaining()) {
            bytes.putInt(words.getInt());
        }
        try {
            return new ListeningSocket(InetAddress.getByAddress(bytes.array()), Integer.parseInt(parts[1], 16), inode);
        } catch (IOException e) {
            throw new IllegalStateException("an address of another length", e);
        }
    }
}
