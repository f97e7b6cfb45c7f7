package org.ringcert.daemon.front;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.front.FrontService.OtherHosts;
import org.ringcert.daemon.front.Route.Redirect;
import org.ringcert.daemon.front.Route.Reject;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.handoff.RemainingNodes;
import org.ringcert.view.look.LookQuery;
import org.ringcert.view.look.LookRequest;

/** Decides what to do with a request. Immutable. */
final class Router {

    /** The path of the front's health. It works on every host, because a load balancer may not know any name. */
    static final String HEALTH = "/.well-known/ringcert/health";

    private final FrontService service;
    private final Set<String> hosts;

    Router(FrontService service) {
        this.service = service;
        this.hosts = service.hosts().stream().map(HostName::value).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns what this routes for. */
    FrontService service() {
        return service;
    }

    /**
     * Routes a request. Whether it is for a challenge depends on its path alone: after a redirect, the host is a
     * server's name, not the site's.
     */
    Route route(RequestHead head, InetAddress source) {
        String path = head.path();
        if (path.startsWith(Token.PATH_PREFIX)) {
            return challenge(head, path.substring(Token.PATH_PREFIX.length()), source);
        }
        return path.equals(HEALTH) ? health(head) : toHttps(head);
    }

    private static Route health(RequestHead head) {
        return head.hasMethodGetOrHead() ? new Route.HealthCheck() : new Reject(HttpError.METHOD_NOT_ALLOWED);
    }

    private Route challenge(RequestHead head, String token, InetAddress source) {
        if (!head.hasMethodGetOrHead()) {
            return new Reject(HttpError.METHOD_NOT_ALLOWED);
        }
        return Token.parse(token)
                .map(parsed -> challenge(head, parsed, client(head, source)))
                .orElse(new Reject(HttpError.NOT_FOUND));
    }

    private Route challenge(RequestHead head, Token token, InetAddress client) {
        return switch (LookQuery.parse(head.query(), service.cluster(), service.hosts())) {
            case LookQuery.Absent() ->
                new Route.Challenge(new ChallengeRequest(
                        token, RemainingNodes.parse(head.query(), service.cluster()), client, head.userAgent()));
            case LookQuery.Look(var at, var name) -> new Route.Look(new LookRequest(token, at, name, client));
            case LookQuery.Invalid() -> new Reject(HttpError.NOT_FOUND);
        };
    }

    /** Returns the client's address. Only a web server on this machine may name another one than the connection's. */
    private static InetAddress client(RequestHead head, InetAddress source) {
        return source.isLoopbackAddress()
                ? head.forwardedFor().flatMap(Router::parseAddress).orElse(source)
                : source;
    }

    private static Optional<InetAddress> parseAddress(String literal) {
        try {
            return Optional.of(InetAddress.ofLiteral(literal));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Route toHttps(RequestHead head) {
        return head.host()
                .flatMap(this::redirectHost)
                .<Route>map(host -> new Redirect(!head.hasMethodGetOrHead(), "https://" + host + head.target()))
                .orElse(new Reject(HttpError.NOT_FOUND));
    }

    private Optional<String> redirectHost(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        boolean isRedirected =
                hosts.contains(name) || (service.otherHosts() == OtherHosts.REDIRECT && isHostName(name));
        return isRedirected ? Optional.of(name) : Optional.empty();
    }

    private static boolean isHostName(String name) {
        try {
            return new HostName(name).value().equals(name);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
