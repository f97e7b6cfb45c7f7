package org.ringcert.daemon.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.daemon.front.ListeningProcess;
import org.ringcert.daemon.snippets.WebServer;

/**
 * The programs that listen on ports of this machine, and whether they are the web server in question. Looks only once
 * for each address and port. Not thread-safe.
 */
final class PortOwners {

    private final WebServer server;
    private final Map<InetSocketAddress, List<ListeningProcess>> ownersByAddress = new HashMap<>();

    PortOwners(WebServer server) {
        this.server = server;
    }

    /** Returns another program that listens there; empty if it is the web server, and if it cannot be seen. */
    Optional<ListeningProcess> otherProgram(InetAddress address, int port) {
        List<ListeningProcess> owners = ownersByAddress.computeIfAbsent(
                new InetSocketAddress(address, port), _ -> ListeningProcess.findAll(address, port));
        return owners.stream().anyMatch(owner -> isWebServer(owner.name()))
                ? Optional.empty()
                : owners.stream().findFirst();
    }

    /** Returns the ports on which the web server listens, as far as this user can see them. */
    List<Integer> ports() {
        return ListeningProcess.portsOf(this::isWebServer);
    }

    private boolean isWebServer(String program) {
        return WebServer.ofProgram(program).filter(server::equals).isPresent();
    }
}
