package org.ringcert.daemon.front;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.http.ListeningSocket;

/**
 * Which program listens on a TCP port of this machine, as far as Linux tells: processes of other users show it to root only.
 *
 * @param name the short name of the program, printable
 */
public record PortHolder(String name, long pid) {

    /** Someone who listens on that port, at whatever address. Never fails: what cannot be read is left out. */
    public static Optional<PortHolder> of(int port) {
        Set<String> sockets = sockets(port);
        return sockets.isEmpty() ? Optional.empty() : owner(sockets);
    }

    /** Whether anybody listens on that port, also where it cannot be told who. Never fails. */
    public static boolean isTaken(int port) {
        return !sockets(port).isEmpty();
    }

    private static Set<String> sockets(int port) {
        return ListeningSocket.at(port).stream()
                .map(socket -> "socket:[" + socket.inode() + "]")
                .collect(Collectors.toSet());
    }

    private static Optional<PortHolder> owner(Set<String> sockets) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (hasOpen(process, sockets)) {
                    return Optional.of(new PortHolder(
                            name(process), Long.parseLong(process.getFileName().toString())));
                }
            }
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean hasOpen(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (isOneOf(sockets, file)) {
                    return true;
                }
            }
        } catch (IOException | RuntimeException e) {
            return false;
        }
        return false;
    }

    private static boolean isOneOf(Set<String> sockets, Path file) {
        try {
            return sockets.contains(Files.readSymbolicLink(file).toString());
        } catch (IOException e) {
            return false;
        }
    }

    private static String name(Path process) throws IOException {
        return Files.readString(process.resolve("comm")).strip().replaceAll("[^ -~]", "?");
    }
}
