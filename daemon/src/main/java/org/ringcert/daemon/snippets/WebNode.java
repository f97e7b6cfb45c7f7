package org.ringcert.daemon.snippets;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.Site;

/**
 * What the configuration of a web server depends on. Immutable.
 *
 * @param cluster from the point of view of the node that the web server runs on
 * @param sites all sites
 * @param uniqueNames the names that certificates of single servers or groups have besides those of the sites; CAs ask
 *     for challenges under them, but they need no https
 * @param challenges the folders that hold tokens, as absolute paths, the store's own first
 * @param certificates the folder that holds {@code SITE/fullchain.pem}, as an absolute path
 * @param redirectOtherHosts whether hosts that are not configured are redirected to https as well
 * @param httpsPort the port on which the web server accepts TLS
 * @param ipv6 whether the machine has IPv6
 */
public record WebNode(
        Cluster cluster,
        List<Site> sites,
        List<HostName> uniqueNames,
        List<Path> challenges,
        Path certificates,
        boolean redirectOtherHosts,
        int httpsPort,
        boolean ipv6) {

    /** The port to which CAs send the first request (RFC 8555, section 8.3), and to which http URLs lead by default. */
    public static final int STANDARD_HTTP_PORT = 80;

    /** The port to which https URLs lead by default. */
    public static final int STANDARD_HTTPS_PORT = 443;

    public WebNode {
        sites = List.copyOf(sites);
        uniqueNames = List.copyOf(uniqueNames);
        challenges = List.copyOf(challenges);
    }

    /** Returns the names of all servers and sites, unique ones included. */
    List<HostName> names() {
        return Stream.of(
                        nodes().stream().map(Node::name),
                        sites.stream().flatMap(site -> site.names().stream()),
                        uniqueNames.stream())
                .flatMap(names -> names)
                .distinct()
                .toList();
    }

    /** Returns all servers, this one first. */
    List<Node> nodes() {
        return Stream.concat(Stream.of(cluster.self()), cluster.peers().stream())
                .toList();
    }

    int port() {
        return cluster.self().port();
    }
}
