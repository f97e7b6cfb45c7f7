package org.ringcert.daemon.snippets;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;

/** Finds the virtual host to which a web server gives a request, as far as its configuration shows. */
@FunctionalInterface
public interface VirtualHostLookup {

    /**
     * The virtual host that receives a request.
     *
     * @param position file and line
     * @param remedies what has to be changed there and why; empty if nothing is known to be wrong
     */
    record Match(String position, List<String> remedies) {

        public Match {
            remedies = List.copyOf(remedies);
        }
    }

    /**
     * Returns the virtual host that receives requests for that name at that address and port; empty if it is not known.
     */
    Optional<Match> find(InetAddress address, int port, HostName name);

    /**
     * Reads the configuration of a web server on this machine.
     *
     * @throws IOException if it cannot be read; the message says why, for an administrator
     */
    static VirtualHostLookup ofThisMachine(WebServer server, WebNode node) throws IOException {
        return switch (server) {
            case APACHE -> ApacheInspector.queryApache().lookup(node);
            case NGINX -> {
                VirtualHostLookup lookup = NginxInspector.lookup();
                yield ServerProgram.output("nginx", "-T").lines().anyMatch(VirtualHostLookup::isPrintedForNginx)
                        ? lookup
                        : (address, port, name) -> lookup.find(address, port, name)
                                .map(match -> new Match(match.position(), List.of(server.installHint())));
            }
            // HAProxy has no virtual hosts. The advice names its frontends.
            case HAPROXY -> (_, _, _) -> Optional.empty();
        };
    }

    private static boolean isPrintedForNginx(String line) {
        return line.strip().startsWith("location ~ ")
                && line.contains("/acme-challenge/")
                && line.contains("[A-Za-z0-9_-]{");
    }
}
