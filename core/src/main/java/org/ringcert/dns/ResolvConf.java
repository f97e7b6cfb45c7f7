package org.ringcert.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The DNS servers that the system is configured with, by {@code resolv.conf(5)}. Where that names the stub of
 * systemd-resolved alone, these are the servers behind it, because the stub has a cache and answers from
 * {@code /etc/hosts}.
 */
final class ResolvConf {

    private static final int MAX_SERVERS = 3;
    private static final int DNS_PORT = 53;
    private static final List<InetSocketAddress> RESOLVED_STUB = List.of(server("127.0.0.53"));
    private static final List<InetSocketAddress> LOCAL = List.of(server("127.0.0.1"));

    private final Path file;
    private final Path behindStub;

    ResolvConf() {
        this(Path.of("/etc/resolv.conf"), Path.of("/run/systemd/resolve/resolv.conf"));
    }

    ResolvConf(Path file, Path behindStub) {
        this.file = file;
        this.behindStub = behindStub;
    }

    /** Returns at least one and at most three servers. Without any in the file, it is the one on this machine. */
    List<InetSocketAddress> servers() {
        List<InetSocketAddress> servers = read(file);
        if (servers.equals(RESOLVED_STUB)) {
            List<InetSocketAddress> behind = read(behindStub);
            return behind.isEmpty() ? servers : behind;
        }
        return servers.isEmpty() ? LOCAL : servers;
    }

    /** Returns the servers in the file; none if it cannot be read. */
    private static List<InetSocketAddress> read(Path file) {
        // Comments may have any encoding.
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> line.strip().split("\\s+"))
                    .filter(words -> words.length >= 2 && words[0].equals("nameserver"))
                    .flatMap(words -> address(words[1]).stream())
                    .map(address -> new InetSocketAddress(address, DNS_PORT))
                    .limit(MAX_SERVERS)
                    .toList();
        } catch (IOException | UncheckedIOException _) {
            return List.of();
        }
    }

    private static Optional<InetAddress> address(String literal) {
        try {
            return Optional.of(InetAddress.ofLiteral(literal));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static InetSocketAddress server(String literal) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), DNS_PORT);
    }
}
