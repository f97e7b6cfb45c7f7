package org.ringcert.daemon.snippets;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;

/** Which of a web server's virtual hosts takes a request, as far as its configuration tells. */
@FunctionalInterface
public interface Takers {

    /**
     * A virtual host.
     *
     * @param place file and line
     * @param remedies what has to be changed there, and why; none where nothing is known to be wrong
     */
    record Taker(String place, List<String> remedies) {

        public Taker {
            remedies = List.copyOf(remedies);
        }
    }

    /** The one that takes what comes in at that address and port for that name; empty where that is not known. */
    Optional<Taker> of(InetAddress address, int port, HostName name);

    /**
     * Reads the configuration of that server on this machine.
     *
     * @throws IOException if that is not possible; the message says why, for an administrator
     */
    static Takers ofThisMachine(WebServer server, WebNode node) throws IOException {
        return switch (server) {
            case APACHE -> ApacheSurvey.asked().takers(node);
            case NGINX -> {
                Takers takers = NginxSurvey.takers();
                yield ServerProgram.output("nginx", "-T").lines().anyMatch(Takers::isPrintedForNginx)
                        ? takers
                        : (address, port, name) -> takers.of(address, port, name)
                                .map(taker -> new Taker(taker.place(), List.of(server.toInstall())));
            }
            // it has no virtual hosts; what is advised names its frontends
            case HAPROXY -> (_, _, _) -> Optional.empty();
        };
    }

    private static boolean isPrintedForNginx(String line) {
        return line.strip().startsWith("location ~ ")
                && line.contains("/acme-challenge/")
                && line.contains("[A-Za-z0-9_-]{");
    }
}
