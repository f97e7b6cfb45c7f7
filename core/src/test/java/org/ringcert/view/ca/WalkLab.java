package org.ringcert.view.ca;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.CaaLookup;
import org.ringcert.dns.DnsResolver;
import org.ringcert.dns.HostAddresses;
import org.ringcert.view.ca.Walk.Verdict;

/**
 * Servers on loopback addresses, all on the same port, and a DNS for them. The rules are those of a public CA, except
 * that loopback addresses and {@link #WITHOUT_ROUTE} count as public.
 */
final class WalkLab implements AutoCloseable {

    static final HostName SITE = new HostName("www.example.org");
    static final KeyAuthorization ANSWER = new KeyAuthorization(
            new Token("evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA"), "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI");
    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    static final InetAddress IPV6_LOOPBACK = InetAddress.ofLiteral("::1");

    /** Link-local addresses without a scope have no route on any machine. */
    static final InetAddress WITHOUT_ROUTE = InetAddress.ofLiteral("fe80::1");

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Map<HostName, HostAddresses> names = new HashMap<>();
    final List<HostName> lookups = new CopyOnWriteArrayList<>();
    final RawServer server;
    int httpsPort = 443;
    ValidationRules.Strictness strictness = ValidationRules.Strictness.PUBLIC_CA;

    WalkLab() throws IOException {
        server = RawServer.start(LOOPBACK, 0);
        publish(SITE, LOOPBACK);
    }

    int port() {
        return server.port();
    }

    /** Sets the addresses of a name. */
    void publish(HostName name, InetAddress... addresses) {
        names.put(name, new HostAddresses(lookup(addresses, false), lookup(addresses, true)));
    }

    void publish(HostName name, AddressLookup ipv4, AddressLookup ipv6) {
        names.put(name, new HostAddresses(ipv4, ipv6));
    }

    private static AddressLookup lookup(InetAddress[] addresses, boolean isIpv6) {
        List<InetAddress> found = List.of(addresses).stream()
                .filter(address -> address instanceof Inet6Address == isIpv6)
                .toList();
        return found.isEmpty() ? new AddressLookup.None() : new AddressLookup.Found(found);
    }

    DnsResolver dns() {
        return new DnsResolver() {
            @Override
            public HostAddresses addresses(HostName name) {
                lookups.add(name);
                AddressLookup none = new AddressLookup.None();
                return names.getOrDefault(name, new HostAddresses(none, none));
            }

            @Override
            public CaaLookup caa(String domain) {
                throw new AssertionError("CAA records are of no interest to a walk");
            }
        };
    }

    ValidationRules rules() {
        return new ValidationRules(strictness, port(), httpsPort, Set.of());
    }

    static PublicInternet internet() {
        PublicInternet registries = PublicInternet.registries();
        return new PublicInternet() {
            @Override
            public Optional<String> specialPurpose(InetAddress address) {
                return address.isLoopbackAddress() || address.equals(WITHOUT_ROUTE)
                        ? Optional.empty()
                        : registries.specialPurpose(address);
            }

            @Override
            public boolean isPublic(HostName name) {
                return registries.isPublic(name);
            }
        };
    }

    Walker walker() {
        return new Walker(dns(), rules(), internet());
    }

    Walk walk() {
        return walker().walk(SITE, ANSWER, TIMEOUT);
    }

    Walk walk(Duration timeout) {
        return walker().walk(SITE, ANSWER, timeout);
    }

    /** Walks as if CAs gave up as early as this. */
    Walk walkWithLimitOfCas(Duration limit) {
        Deadline deadline = new Deadline(System.nanoTime(), limit, true);
        return walker().walkFrom(SITE, LOOPBACK, Entry.ANY_NODE, ANSWER, deadline);
    }

    /** Lets the server respond with the given text to each request, and walks. */
    Walk walkTo(String response) {
        server.respond(request -> response);
        return walk();
    }

    /** Lets the server redirect the first request, and answer all others. */
    Walk walkBy(String location) {
        server.respond(request -> server.requests().size() == 1 ? redirect(location) : ok());
        return walk();
    }

    /** Returns the URL of a host at the port of the lab. */
    String url(String host, String pathAndQuery) {
        return "http://" + host + ":" + port() + pathAndQuery;
    }

    static String redirect(String location) {
        return "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n";
    }

    static String ok() {
        return ok("", ANSWER.text());
    }

    /** @param headers each with its line end */
    static String ok(String headers, String body) {
        return "HTTP/1.1 200 OK\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** Returns the problem of a refused walk. */
    static Problem refusal(Walk walk) {
        if (walk.verdict() instanceof Verdict.Refused(Problem problem)) {
            return problem;
        }
        throw new AssertionError("not refused: " + walk);
    }

    static List<Rule> warnings(Walk walk) {
        return walk.warnings().stream().map(Problem::rule).toList();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
