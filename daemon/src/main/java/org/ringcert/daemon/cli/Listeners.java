package org.ringcert.daemon.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.daemon.front.ListeningProcess;
import org.ringcert.daemon.snippets.WebServer;

/** Whether it is that web server that listens. Looks once for each address and port. Not for several threads. */
final class Listeners {

    private final WebServer server;
    private final Map<InetSocketAddress, List<ListeningProcess>> seen = new HashMap<>();

    Listeners(WebServer server) {
        this.server = server;
    }

    /** Another program that listens there; empty where it is the web server, and where that cannot be seen. */
    Optional<ListeningProcess> stranger(InetAddress address, int port) {
        List<ListeningProcess> holders = seen.computeIfAbsent(
                new InetSocketAddress(address, port), _ -> ListeningProcess.findAll(address, port));
        return holders.stream().anyMatch(holder -> isIt(holder.name()))
                ? Optional.empty()
                : holders.stream().findFirst();
    }

    /** Where the web server listens, as far as that can be seen. */
    List<Integer> ports() {
        return ListeningProcess.portsOf(this::isIt);
    }

    private boolean isIt(String program) {
        return WebServer.ofProgram(program).filter(server::equals).isPresent();
    }
}
