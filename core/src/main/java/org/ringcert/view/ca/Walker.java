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
import java.util.OptionalInt;
import java.util.Set;
import org.ringcert.challenge.Http01;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.DnsResolver;
import org.ringcert.http.HttpGet;
import org.ringcert.view.ca.Walk.Hop;
import org.ringcert.view.ca.Walk.Verdict;

/**
 * Performs {@code http-01} validations by the strictest rules of the CAs that follow redirects at all: Let's Encrypt's
 * Boulder before and after its rewrite of 2026-09, Pebble and step-ca (RFC 8555, section 8.3; CA/B Forum Baseline
 * Requirements, 3.2.2.4.19). What it accepts, Let's Encrypt accepts. {@link Rule} lists the rules.
 *
 * <p>Thread-safe. Methods block and never fail; call them on virtual threads, where an interrupt ends the walk.
 */
public final class Walker {

    /** The limit of Boulder before 2026-09. */
    private static final int MAX_BODY_BYTES = 127;

    private static final int MAX_PATH_CHARACTERS = 2000;
    private static final int HTTP_PORT = 80;

    private final DnsResolver dns;
    private final ValidationRules rules;

    /** @param dns asked anew for each request */
    public Walker(DnsResolver dns, ValidationRules rules) {
        this.dns = dns;
        this.rules = rules;
    }

    /**
     * Validates as a CA does: IPv6 first, with one attempt over IPv4 if the first connection fails.
     *
     * @param expected the only answer that is accepted
     * @param timeout for the whole walk; more than {@link ValidationRules#MAX_TIME} makes no difference
     */
    public Walk walk(HostName name, KeyAuthorization expected, Duration timeout) {
        return walk(
                name, Optional.empty(), Entry.ANY_NODE, new Expected(expected.token(), Optional.of(expected)), timeout);
    }

    /** Validates as {@link #walk(HostName, KeyAuthorization, Duration)} does, but accepts the answer of any account. */
    public Walk walk(HostName name, Token token, Duration timeout) {
        return walk(name, Optional.empty(), Entry.ANY_NODE, new Expected(token, Optional.empty()), timeout);
    }

    /**
     * Validates with the first request sent to the given address of the name. Later requests go where the DNS says.
     *
     * @param expected the only answer that is accepted
     * @param timeout for the whole walk; more than {@link ValidationRules#MAX_TIME} makes no difference
     */
    public Walk walkFrom(HostName name, InetAddress address, Entry entry, KeyAuthorization expected, Duration timeout) {
        return walk(name, Optional.of(address), entry, new Expected(expected.token(), Optional.of(expected)), timeout);
    }

    /**
     * Follows a URL as a redirect is followed. The answer of any account is accepted if it is for the token at the end
     * of the URL's path.
     *
     * @param timeout for the whole walk; more than {@link ValidationRules#MAX_TIME} makes no difference
     */
    public Walk trace(URI url, Duration timeout) {
        return new Walk(List.of(), new Verdict.Undecided("not implemented"), List.of());
    }

    private record Expected(Token token, Optional<KeyAuthorization> answer) {}

    private Walk walk(HostName name, Optional<InetAddress> first, Entry entry, Expected expected, Duration timeout) {
        List<Hop> hops = new ArrayList<>();
        Set<String> visited = new HashSet<>();
        String url = "http://" + name + (rules.httpPort() == HTTP_PORT ? "" : ":" + rules.httpPort())
                + expected.token().path() + entry.query();
        Optional<InetAddress> address = first;
        while (true) {
            Optional<Problem> refusal = reasonToRefuse(url, visited, hops.size());
            if (refusal.isPresent()) {
                return new Walk(hops, new Verdict.Refused(refusal.get()), List.of());
            }
            visited.add(url);
            HttpGet.Response response;
            long start = System.nanoTime();
            if (address.isEmpty()) {
                address = dns.addresses(new HostName(URI.create(url).getHost())).all().stream()
                        .findFirst();
            }
            if (address.isEmpty()) {
                hops.add(new Hop(url, address, OptionalInt.empty(), Duration.ofNanos(System.nanoTime() - start)));
                return new Walk(hops, refused(Rule.DNS, "the name has no address"), List.of());
            }
            try {
                response = get(URI.create(url), address.get(), timeout);
            } catch (IOException e) {
                hops.add(new Hop(url, address, OptionalInt.empty(), Duration.ofNanos(System.nanoTime() - start)));
                return new Walk(hops, refused(Rule.REQUEST, String.valueOf(e.getMessage())), List.of());
            }
            hops.add(new Hop(
                    url, address, OptionalInt.of(response.status()), Duration.ofNanos(System.nanoTime() - start)));
            address = Optional.empty();
            if (!Http01.isFollowed(response.status())) {
                return new Walk(hops, verdict(response, expected), List.of());
            }
            if (response.location().filter(location -> !location.isEmpty()).isEmpty()) {
                return new Walk(hops, refused(Rule.LOCATION, "a redirect without exactly one Location"), List.of());
            }
            url = resolve(url, response.location().get());
        }
    }

    private static Verdict refused(Rule rule, String what) {
        return new Verdict.Refused(problem(rule, what));
    }

    private static Problem problem(Rule rule, String what) {
        return new Problem(rule, what, "", "");
    }

    private static Verdict verdict(HttpGet.Response response, Expected expected) {
        if (response.status() != 200) {
            return refused(Rule.FINAL_STATUS, "the response has status " + response.status());
        }
        if (response.truncated()) {
            return refused(Rule.BODY_SIZE, "a body of more than " + MAX_BODY_BYTES + " bytes");
        }
        return KeyAuthorization.parse(expected.token(), response.body())
                .filter(found ->
                        expected.answer().isEmpty() || expected.answer().get().equals(found))
                .<Verdict>map(Verdict.Accepted::new)
                .orElseGet(() -> refused(Rule.BODY, "the body is not the key authorization"));
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
    private Optional<Problem> reasonToRefuse(String url, Set<String> visited, int redirects) {
        if (redirects > Http01.MAX_REDIRECTS) {
            return Optional.of(problem(Rule.REDIRECT_COUNT, "more than " + Http01.MAX_REDIRECTS + " redirects"));
        }
        if (visited.contains(url)) {
            return Optional.of(problem(Rule.LOOP, "a redirect loop: " + url + " was requested before"));
        }
        URI target;
        try {
            target = new URI(url);
        } catch (URISyntaxException e) {
            return Optional.of(problem(Rule.LOCATION, "a Location that is not a URL: " + e.getReason()));
        }
        if (!"http".equals(target.getScheme())) {
            return Optional.of(
                    problem(Rule.TARGET_PORT, "a redirect to " + target.getScheme() + ", which is not followed here"));
        }
        if (target.getHost() == null) {
            return Optional.of(problem(Rule.TARGET_HOST, "a redirect without a valid host"));
        }
        if (target.getRawUserInfo() != null || target.getRawFragment() != null) {
            return Optional.of(problem(Rule.LOCATION, "a redirect with user or fragment"));
        }
        if (target.getPath().length() > MAX_PATH_CHARACTERS) {
            return Optional.of(problem(Rule.TARGET_PATH, "a path of more than " + MAX_PATH_CHARACTERS + " characters"));
        }
        return reasonToRefuseHost(target.getHost());
    }

    private static Optional<Problem> reasonToRefuseHost(String host) {
        try {
            HostName name = new HostName(host);
            return name.value().contains(".") && !name.value().endsWith(".well-known")
                    ? Optional.empty()
                    : Optional.of(problem(Rule.TARGET_HOST, "a host that is not a public name: " + host));
        } catch (IllegalArgumentException e) {
            return Optional.of(problem(Rule.TARGET_HOST, "an invalid host: " + e.getMessage()));
        }
    }

    private HttpGet.Response get(URI url, InetAddress address, Duration timeout) throws IOException {
        int port = url.getPort() < 0 ? HTTP_PORT : url.getPort();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return HttpGet.fetch(
                new InetSocketAddress(address, port),
                url.getRawAuthority(),
                url.getRawPath() + query,
                timeout,
                MAX_BODY_BYTES);
    }
}
