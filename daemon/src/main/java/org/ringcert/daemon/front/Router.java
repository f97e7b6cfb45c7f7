package org.ringcert.daemon.front;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.front.Route.Ask;
import org.ringcert.daemon.front.Route.Redirect;
import org.ringcert.daemon.front.Route.Refuse;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.handoff.RemainingNodes;

/** Decides what becomes of a request. Pure, immutable. */
final class Router {

    /** Who asks here whether the front works gets a yes, whatever the host: a load balancer may know no name. */
    static final String HEALTH = "/.well-known/ringcert/health";

    private final Cluster cluster;
    private final Set<String> hosts;
    private final boolean redirectOtherHosts;

    Router(Cluster cluster, Set<HostName> hosts, boolean redirectOtherHosts) {
        this.cluster = cluster;
        this.hosts = hosts.stream().map(HostName::value).collect(Collectors.toUnmodifiableSet());
        this.redirectOtherHosts = redirectOtherHosts;
    }

    /** A challenge is told by the path alone: after a redirect the host is a server's, not the site's. */
    Route decide(Head head, InetAddress source) {
        String path = head.path();
        if (path.startsWith(Token.PATH_PREFIX)) {
            return challenge(head, path.substring(Token.PATH_PREFIX.length()), source);
        }
        return path.equals(HEALTH) ? health(head) : toHttps(head);
    }

    private static Route health(Head head) {
        return head.isGetOrHead() ? new Route.Well() : new Refuse(Refusal.METHOD_NOT_ALLOWED);
    }

    private Route challenge(Head head, String name, InetAddress source) {
        if (!head.isGetOrHead()) {
            return new Refuse(Refusal.METHOD_NOT_ALLOWED);
        }
        return Token.parse(name)
                .<Route>map(token -> new Ask(
                        new ChallengeRequest(token, RemainingNodes.parse(head.query(), cluster), asker(head, source))))
                .orElse(new Refuse(Refusal.NOT_FOUND));
    }

    /** Who asks: where a web server of this machine stands in front, whom it names; nobody else is believed. */
    private static InetAddress asker(Head head, InetAddress source) {
        return source.isLoopbackAddress()
                ? head.forwardedFor().flatMap(Router::literal).orElse(source)
                : source;
    }

    private static Optional<InetAddress> literal(String address) {
        try {
            return Optional.of(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Route toHttps(Head head) {
        return head.host()
                .flatMap(this::redirected)
                .<Route>map(host -> new Redirect(!head.isGetOrHead(), "https://" + host + head.target()))
                .orElse(new Refuse(Refusal.NOT_FOUND));
    }

    private Optional<String> redirected(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return hosts.contains(name) || (redirectOtherHosts && isHostName(name)) ? Optional.of(name) : Optional.empty();
    }

    private static boolean isHostName(String name) {
        try {
            return new HostName(name).value().equals(name);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
