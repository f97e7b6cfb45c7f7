package org.ringcert.view.ca;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.ringcert.challenge.Http01;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.http.HttpGet;
import org.ringcert.view.ca.Walk.Hop;
import org.ringcert.view.ca.Walk.Verdict;

/**
 * Performs {@code http-01} validations by the strictest rules of the CAs that follow redirects at all: Let's Encrypt's
 * Boulder before and after its rewrite of 2026-09, Pebble and step-ca (RFC 8555, section 8.3; CA/B Forum Baseline
 * Requirements, 3.2.2.4.19).
 *
 * <ul>
 *   <li>A redirect has status 301, 302, 307 or 308 and exactly one Location.
 *   <li>At most {@link Http01#MAX_REDIRECTS} are followed.
 *   <li>A redirect leads to a host name that contains a dot, and to the port that validations go to.
 *   <li>No URL is requested twice.
 *   <li>The body has at most 127 bytes.
 *   <li>Redirects to https are not followed; CAs do follow them.
 * </ul>
 *
 * <p>Thread-safe; methods block.
 */
public final class Walker {

    /** The limit of Boulder before 2026-09. */
    private static final int MAX_BODY_BYTES = 127;

    private static final int MAX_PATH_CHARACTERS = 2000;
    private static final int HTTP_PORT = 80;

    /** Resolves host names as the CA would. */
    @FunctionalInterface
    public interface Resolver {
        /**
         * Returns the address that the CA would connect to first.
         *
         * @throws IOException if the name has no address; the message says so
         */
        InetAddress address(HostName name) throws IOException;
    }

    private final Resolver resolver;
    private final int port;
    private final Duration timeout;

    /**
     * @param port the port that validations go to and that redirects may lead to: 80, except in tests
     * @param timeout how long each request may take
     */
    public Walker(Resolver resolver, int port, Duration timeout) {
        this.resolver = resolver;
        this.port = port;
        this.timeout = timeout;
    }

    /** Validates a token at a host name, following redirects. */
    public Walk walk(HostName identifier, Token token) {
        List<Hop> hops = new ArrayList<>();
        Set<String> visited = new HashSet<>();
        String url = "http://" + identifier + (port == HTTP_PORT ? "" : ":" + port) + token.path();
        while (true) {
            Optional<String> refusal = reasonToRefuse(url, visited, hops.size());
            if (refusal.isPresent()) {
                return new Walk(hops, new Verdict.Refused(refusal.get()));
            }
            visited.add(url);
            HttpGet.Response response;
            try {
                response = get(URI.create(url));
            } catch (IOException e) {
                hops.add(new Hop(url, 0));
                return new Walk(hops, new Verdict.NoAnswer(String.valueOf(e.getMessage())));
            }
            hops.add(new Hop(url, response.status()));
            if (!Http01.isFollowed(response.status())) {
                return new Walk(hops, verdict(response));
            }
            if (response.location().filter(location -> !location.isEmpty()).isEmpty()) {
                return new Walk(hops, new Verdict.Refused("a redirect without exactly one Location"));
            }
            url = resolve(url, response.location().get());
        }
    }

    private static Verdict verdict(HttpGet.Response response) {
        if (response.status() != 200) {
            return response.status() / 100 == 3
                    ? new Verdict.Refused("status " + response.status() + ", which is not a redirect that CAs follow")
                    : new Verdict.OtherStatus(response.status());
        }
        return response.truncated()
                ? new Verdict.Refused("a body of more than " + MAX_BODY_BYTES + " bytes")
                : new Verdict.Ok(response.body());
    }

    /**
     * Resolves a Location against the URL of the request, and converts its host to lower case. Returns the Location
     * unchanged if it is not a URL.
     */
    private static String resolve(String url, String location) {
        try {
            URI target = URI.create(url).resolve(new URI(location));
            String authority = target.getRawAuthority();
            return authority == null
                    ? target.toString()
                    : target.toString().replaceFirst("(?<=//)[^/?#]*", authority.toLowerCase(Locale.ROOT));
        } catch (URISyntaxException e) {
            return location;
        }
    }

    /** Returns why a CA would not request a URL, or empty if it would. */
    private Optional<String> reasonToRefuse(String url, Set<String> visited, int redirects) {
        if (redirects > Http01.MAX_REDIRECTS) {
            return Optional.of("more than " + Http01.MAX_REDIRECTS + " redirects");
        }
        if (visited.contains(url)) {
            return Optional.of("a redirect loop: " + url + " was requested before");
        }
        URI target;
        try {
            target = new URI(url);
        } catch (URISyntaxException e) {
            return Optional.of("a Location that is not a URL: " + e.getReason());
        }
        if (!"http".equals(target.getScheme())) {
            return Optional.of("a redirect to " + target.getScheme() + ", which is not followed here");
        }
        if (target.getHost() == null) {
            return Optional.of("a redirect without a valid host");
        }
        if ((target.getPort() < 0 ? HTTP_PORT : target.getPort()) != port) {
            return Optional.of("a redirect to another port than " + port);
        }
        if (target.getRawUserInfo() != null || target.getRawFragment() != null) {
            return Optional.of("a redirect with user or fragment");
        }
        if (target.getPath().length() > MAX_PATH_CHARACTERS) {
            return Optional.of("a path of more than " + MAX_PATH_CHARACTERS + " characters");
        }
        return reasonToRefuseHost(target.getHost());
    }

    private static Optional<String> reasonToRefuseHost(String host) {
        try {
            HostName name = new HostName(host);
            return name.value().contains(".") && !name.value().endsWith(".well-known")
                    ? Optional.empty()
                    : Optional.of("a host that is not a public name: " + host);
        } catch (IllegalArgumentException e) {
            return Optional.of("an invalid host: " + e.getMessage());
        }
    }

    private HttpGet.Response get(URI url) throws IOException {
        InetSocketAddress address = new InetSocketAddress(resolver.address(new HostName(url.getHost())), port);
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return HttpGet.fetch(address, url.getRawAuthority(), url.getRawPath() + query, timeout, MAX_BODY_BYTES);
    }
}
