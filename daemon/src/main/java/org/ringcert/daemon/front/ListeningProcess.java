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
 * Which program listens on a TCP port of this machine, as far as Linux tells: processes of other users show it to root
 * only.
 *
 * @param name the short name of the program, printable
 */
public record ListeningProcess(String name, long pid) {

    /** Someone who listens on that port, at whatever address. Never fails: what cannot be read is left out. */
    public static Optional<ListeningProcess> find(int port) {
        return owners(ListeningSocket.onPort(port)).stream().findFirst();
    }

    /**
     * All who take what comes in at that address and port: those who listen on just that address, else those who listen
     * on all. The oldest process is the first. Never fails: what cannot be read is left out.
     */
    public static List<ListeningProcess> findAll(InetAddress address, int port) {
        List<ListeningSocket> sockets = ListeningSocket.onPort(port);
        boolean ipv6 = address instanceof Inet6Address;
        List<Predicate<ListeningSocket>> best = List.of(
                socket -> socket.address().equals(address),
                socket -> isForAll(socket) && socket.address() instanceof Inet6Address == ipv6,
                ListeningProcess::isForAll);
        return best.stream()
                .map(which -> sockets.stream().filter(which).toList())
                .filter(found -> !found.isEmpty())
                .findFirst()
                .map(ListeningProcess::owners)
                .orElse(List.of());
    }

    /** Whether anybody listens on that port, also where it cannot be told who. Never fails. */
    public static boolean isPortTaken(int port) {
        return !ListeningSocket.onPort(port).isEmpty();
    }

    /** The ports on which programs of such a name listen, in order. Never fails: what cannot be read is left out. */
    public static List<Integer> portsOf(Predicate<String> name) {
        Set<String> held = new HashSet<>();
        forEachProcess((process, holder) -> {
            if (name.test(holder.name())) {
                held.addAll(open(process));
            }
        });
        return ListeningSocket.all().stream()
                .filter(socket -> held.contains(link(socket)))
                .map(ListeningSocket::port)
                .distinct()
                .sorted()
                .toList();
    }

    private static boolean isForAll(ListeningSocket socket) {
        return socket.address().isAnyLocalAddress();
    }

    private static String link(ListeningSocket socket) {
        return "socket:[" + socket.inode() + "]";
    }

    private static List<ListeningProcess> owners(Collection<ListeningSocket> sockets) {
        Set<String> links = sockets.stream().map(ListeningProcess::link).collect(Collectors.toSet());
        List<ListeningProcess> owners = new ArrayList<>();
        if (!links.isEmpty()) {
            forEachProcess((process, holder) -> {
                if (open(process).stream().anyMatch(links::contains)) {
                    owners.add(holder);
                }
            });
        }
        owners.sort(Comparator.comparingLong(ListeningProcess::pid));
        return owners;
    }

    private interface Visitor {
        void visit(Path process, ListeningProcess holder);
    }

    private static void forEachProcess(Visitor visitor) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                holder(process).ifPresent(holder -> visitor.visit(process, holder));
            }
        } catch (IOException | RuntimeException e) {
            // who cannot be seen is left out
        }
    }

    private static Optional<ListeningProcess> holder(Path process) {
        try {
            String name = Files.readString(process.resolve("comm")).strip().replaceAll("[^ -~]", "?");
            return Optional.of(new ListeningProcess(
                    name, Long.parseLong(process.getFileName().toString())));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Where the open files of that process lead. */
    private static Set<String> open(Path process) {
        Set<String> targets = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                target(file).ifPresent(targets::add);
            }
        } catch (IOException | RuntimeException e) {
            // it is another user's, or has ended
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
