package org.ringcert.daemon.config;

import java.util.List;
import org.ringcert.cluster.Node;

/**
 * A server of the cluster and what holds for it: what its own table says, else what the file says for all. Immutable.
 *
 * @param node the server
 * @param listen where its front listens, no address covered by another; empty where another web server has the port
 * @param admin where its admin page is served
 * @param https where its TLS is reached
 */
public record NodeSettings(Node node, List<ListenAddress> listen, ListenAddress admin, Endpoint https) {

    public NodeSettings {
        listen = List.copyOf(listen);
    }
}
