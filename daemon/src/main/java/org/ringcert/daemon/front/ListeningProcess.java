package org.ringcert.daemon.front;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.ringcert.http.ListeningSocket;

/**
 * A process that listens on a TCP port of this machine. Linux shows the processes of other users to root only. The
 * methods of this class never fail; they leave out what cannot be read.
 *
 * @param name the short name of the program, printable
 */
public record ListeningProcess(String name, long pid) {

    /** Returns the oldest process that listens on this port, at any address. */
    public static Optional<ListeningProcess> find(int port) {
        return ownersOf(ListeningSocket.onPort(port)).stream().findFirst();
    }

    /**
     * Returns the processes that accept connections to this address and port, the oldest first: those that listen on
     * exactly this address, or else those that listen on all addresses.
     */
    public static List<ListeningProcess> findAll(InetAddress address, int port) {
        List<ListeningSocket> sockets = ListeningSocket.onPort(port);
        boolean isIpv6 = address instanceof Inet6Address;
        List<Predicate<ListeningSocket>> bestFirst = List.of(
                socket -> socket.address().equals(address),
                socket -> isWildcard(socket) && socket.address() instanceof Inet6Address == isIpv6,
                ListeningProcess::isWildcard);
        return bestFirst.stream()
                .map(matches -> sockets.stream().filter(matches).toList())
                .filter(found -> !found.isEmpty())
                .findFirst()
                .map(ListeningProcess::ownersOf)
                .orElse(List.of());
    }

    /** Returns true if any process listens on this port, even if that process cannot be identified. */
    public static boolean isPortTaken(int port) {
        return !ListeningSocket.onPort(port).isEmpty();
    }

    /** Returns the ports on which programs with a matching name listen, in ascending order. */
    public static List<Integer> portsOf(Predicate<String> name) {
        Set<String> openFiles = new HashSet<>();
        forEachProcess((directory, process) -> {
            if (name.test(process.name())) {
                openFiles.addAll(openFiles(directory));
            }
        });
        return ListeningSocket.all().stream()
                .filter(socket -> openFiles.contains(link(socket)))
                .map(ListeningSocket::port)
                .distinct()
                .sorted()
                .toList();
    }

    private static boolean isWildcard(ListeningSocket socket) {
        return socket.address().isAnyLocalAddress();
    }

    private static String link(ListeningSocket socket) {
        return "socket:[" + socket.inode() + "]";
    }

    private static List<ListeningProcess> ownersOf(Collection<ListeningSocket> sockets) {
        Set<String> links = sockets.stream().map(ListeningProcess::link).collect(Collectors.toSet());
        List<ListeningProcess> owners = new ArrayList<>();
        if (!links.isEmpty()) {
            forEachProcess((directory, process) -> {
                if (openFiles(directory).stream().anyMatch(links::contains)) {
                    owners.add(process);
                }
            });
        }
        owners.sort(Comparator.comparingLong(ListeningProcess::pid));
        return owners;
    }

    private interface ProcessVisitor {
        void visit(Path directory, ListeningProcess process);
    }

    private static void forEachProcess(ProcessVisitor visitor) {
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path directory : directories) {
                read(directory).ifPresent(process -> visitor.visit(directory, process));
            }
        } catch (IOException | RuntimeException e) {
            // Processes that cannot be seen are left out.
        }
    }

    private static Optional<ListeningProcess> read(Path directory) {
        try {
            String name = Files.readString(directory.resolve("comm")).strip().replaceAll("[^ -~]", "?");
            return Optional.of(new ListeningProcess(
                    name, Long.parseLong(directory.getFileName().toString())));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Returns the targets of the open files of a process. */
    private static Set<String> openFiles(Path directory) {
        Set<String> targets = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve("fd"))) {
            for (Path file : files) {
                target(file).ifPresent(targets::add);
            }
        } catch (IOException | RuntimeException e) {
            // The process belongs to another user, or has ended.
        }
        return targets;
    }

    private static Optional<String> target(Path file) {
        try {
            return Optional.of(Files.readSymbolicLink(file).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return name + " (pid " + pid + ")";
    }
}
