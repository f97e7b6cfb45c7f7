package org.ringcert.daemon.config;

import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.Node;

/**
 * A server of the cluster and its settings: those of its own table, else those for all servers. Immutable.
 *
 * @param node the server
 * @param listen where its front listens, without addresses that another one covers; empty if a web server uses the port
 * @param admin where its admin server listens; empty if it has none
 * @param https where its https is reached
 * @param group the name of its group, for {@link UniqueName}; empty if it is in none
 */
public record NodeSettings(
        Node node, List<ListenAddress> listen, Optional<ListenAddress> admin, Endpoint https, Optional<String> group) {

    public NodeSettings {
        listen = List.copyOf(listen);
    }
}
