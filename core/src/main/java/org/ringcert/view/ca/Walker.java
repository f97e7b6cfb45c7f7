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
 * Walks a validation of {@code http-01} by the strictest rules of the CAs that follow redirects at all: Let's Encrypt's
 * Boulder before and after its rewrite of 2026-09, Pebble, step-ca (RFC 8555, section 8.3; CA/B Forum baseline
 * requirements 3.2.2.4.19). Redirects are 301, 302, 307 or 308 with a Location; at most nine; to a host name with a
 * dot, to the one port; never to a URL that was asked before; the answer has 127 bytes at most. Redirects to https are
 * not walked. Safe for any number of threads; blocks.
 */
public final class Walker {

    /** Boulder before 2026-09. */
    private static final int LARGEST_ANSWER = 127;

    private static final int LONGEST_PATH = 2000;

    /** Where names lead, as the CA finds it. */
    @FunctionalInterface
    public interface Resolver {
        /**
         * The first address that the CA would go to.
         *
         * @throws IOException if the name leads nowhere; the message says so
         */
        InetAddress address(HostName name) throws IOException;
    }

    private final Resolver names;
    private final int port;
    private final Duration patience;

    /**
     * A CA's eyes.
     *
     * @param port the one that validations go to and redirects may lead to: 80, but for tests
     * @param patience for each hop
     */
    public Walker(Resolver names, int port, Duration patience) {
        this.names = names;
        this.port = port;
        this.patience = patience;
    }

    /** Walks from that name. */
    public Walk walk(HostName identifier, Token token) {
        List<Hop> hops = new ArrayList<>();
        Set<String> asked = new HashSet<>();
        String url = "http://" + identifier + (port == 80 ? "" : ":" + port) + token.path();
        while (true) {
            Optional<String> flaw = flaw(url, asked, hops.size());
            if (flaw.isPresent()) {
                return new Walk(hops, new Verdict.Refused(flaw.get()));
            }
            asked.add(url);
            HttpGet.Response response;
            try {
                response = get(URI.create(url));
            } catch (IOException e) {
                hops.add(new Hop(url, 0));
                return new Walk(hops, new Verdict.NoAnswer(String.valueOf(e.getMessage())));
            }
            hops.add(new Hop(url, response.status()));
            if (!Http01.isFollowed(response.status())) {
                return new Walk(hops, end(response));
            }
            if (response.location().filter(location -> !location.isEmpty()).isEmpty()) {
                return new Walk(hops, new Verdict.Refused("a redirect without exactly one Location"));
            }
            url = next(url, response.location().get());
        }
    }

    private static Verdict end(HttpGet.Response response) {
        if (response.status() != 200) {
            return response.status() / 100 == 3
                    ? new Verdict.Refused("status " + response.status() + " is no redirect that CAs follow")
                    : new Verdict.OtherStatus(response.status());
        }
        return response.truncated()
                ? new Verdict.Refused("an answer of more than " + LARGEST_ANSWER + " bytes")
                : new Verdict.Ok(response.body());
    }

    /** Resolved against the URL that it came from, the host in lower case; what is no URL stays as it is. */
    private static String next(String url, String location) {
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

    /** Why a CA would not ask for that URL. */
    private Optional<String> flaw(String url, Set<String> asked, int redirects) {
        if (redirects > Http01.MAX_REDIRECTS) {
            return Optional.of("more than " + Http01.MAX_REDIRECTS + " redirects");
        }
        if (asked.contains(url)) {
            return Optional.of("a redirect loop: " + url + " was asked before");
        }
        URI target;
        try {
            target = new URI(url);
        } catch (URISyntaxException e) {
            return Optional.of("a Location that is no URL: " + e.getReason());
        }
        if (!"http".equals(target.getScheme())) {
            return Optional.of("a redirect to " + target.getScheme() + ", which is not walked");
        }
        if (target.getHost() == null) {
            return Optional.of("a host that is none");
        }
        if ((target.getPort() < 0 ? 80 : target.getPort()) != port) {
            return Optional.of("a redirect to another port than " + port);
        }
        if (target.getRawUserInfo() != null || target.getRawFragment() != null) {
            return Optional.of("a redirect with user or fragment");
        }
        if (target.getPath().length() > LONGEST_PATH) {
            return Optional.of("a path of more than " + LONGEST_PATH + " characters");
        }
        return hostFlaw(target.getHost());
    }

    private static Optional<String> hostFlaw(String host) {
        try {
            HostName name = new HostName(host);
            return name.value().contains(".") && !name.value().endsWith(".well-known")
                    ? Optional.empty()
                    : Optional.of("a host that is no public name: " + host);
        } catch (IllegalArgumentException e) {
            return Optional.of("a host that is none: " + e.getMessage());
        }
    }

    private HttpGet.Response get(URI url) throws IOException {
        InetSocketAddress address = new InetSocketAddress(names.address(new HostName(url.getHost())), port);
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return HttpGet.fetch(address, url.getRawAuthority(), url.getRawPath() + query, patience, LARGEST_ANSWER);
    }
}
