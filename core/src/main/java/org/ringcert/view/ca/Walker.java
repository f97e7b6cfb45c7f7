package org.ringcert.view.ca;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.DnsResolver;
import org.ringcert.view.ca.Walk.Verdict;

/**
 * Performs {@code http-01} validations by the strictest rules of the CAs that follow redirects at all: Let's Encrypt's
 * Boulder before and after its rewrite of 2026-09, Pebble and step-ca (RFC 8555, section 8.3; CA/B Forum Baseline
 * Requirements, 3.2.2.4.19). What it accepts, Let's Encrypt accepts. {@link Rule} lists the rules.
 *
 * <p>Reads at most 32 KiB of headers and 4 KiB of body for each request. Uses no cookies, no proxy and no system
 * properties. Thread-safe. Methods block and never fail; call them on virtual threads, where an interrupt ends the
 * walk.
 */
public final class Walker {

    private static final int HTTP_PORT = 80;

    private final HostLookup lookup;
    private final TargetRules targetRules;
    private final Exchange exchange;
    private final ValidationRules rules;
    private final Reach reach;

    /** @param dns asked anew for each request */
    public Walker(DnsResolver dns, ValidationRules rules) {
        this(dns, rules, Reach.UNLIMITED, PublicInternet.registries());
    }

    Walker(DnsResolver dns, ValidationRules rules, PublicInternet internet) {
        this(dns, rules, Reach.UNLIMITED, internet);
    }

    Walker(DnsResolver dns, ValidationRules rules, Reach reach, PublicInternet internet) {
        this.lookup = new HostLookup(dns, rules.strictness(), internet);
        this.targetRules = new TargetRules(rules, internet);
        this.exchange = new Exchange(rules, reach);
        this.reach = reach;
        this.rules = rules;
    }

    /**
     * Validates as a CA does: IPv6 first, with one attempt over IPv4 if the first connection fails.
     *
     * @param expected the only answer that is accepted
     * @param timeout for the whole walk; more than {@link ValidationRules#MAX_TIME} makes no difference
     */
    public Walk walk(HostName name, KeyAuthorization expected, Duration timeout) {
        return run(ExpectedAnswer.of(expected), timeout)
                .walk(start(name, expected.token(), Entry.ANY_NODE), Optional.empty());
    }

    /** Validates as {@link #walk(HostName, KeyAuthorization, Duration)} does, but accepts the answer of any account. */
    public Walk walk(HostName name, Token token, Duration timeout) {
        return run(ExpectedAnswer.to(token), timeout).walk(start(name, token, Entry.ANY_NODE), Optional.empty());
    }

    /**
     * Validates with the first request sent to the given address of the name, and nowhere else if that fails. Later
     * requests go where the DNS says.
     *
     * @param expected the only answer that is accepted
     * @param timeout for the whole walk; more than {@link ValidationRules#MAX_TIME} makes no difference
     */
    public Walk walkFrom(HostName name, InetAddress address, Entry entry, KeyAuthorization expected, Duration timeout) {
        return walkFrom(name, address, entry, expected, Deadline.ofWalk(timeout));
    }

    /** Walks as {@link #walkFrom(HostName, InetAddress, Entry, KeyAuthorization, Duration)} does. */
    Walk walkFrom(HostName name, InetAddress address, Entry entry, KeyAuthorization expected, Deadline deadline) {
        return run(ExpectedAnswer.of(expected), deadline)
                .walk(start(name, expected.token(), entry), Optional.of(FixedAddress.ofFirstRequest(address)));
    }

    /**
     * Validates as a CA would if the DNS led some names to one server: each request for one of these names is sent
     * there, the first one and those after a redirect. Other requests go where the DNS says. The server may be at an
     * address that CAs do not use, such as a private one at which its peers reach it.
     *
     * @param name the name to validate, one of {@code names}
     * @param names the names that would lead to the server
     * @param expected the only answer that is accepted
     * @param timeout for the whole walk; more than {@link ValidationRules#MAX_TIME} makes no difference
     */
    public Walk walkAtServer(
            HostName name, Set<HostName> names, InetAddress server, KeyAuthorization expected, Duration timeout) {
        return run(ExpectedAnswer.of(expected), timeout)
                .walk(start(name, expected.token(), Entry.ANY_NODE), Optional.of(FixedAddress.ofServer(server, names)));
    }

    /**
     * Follows a URL as CAs follow a redirect to it. The answer of any account is accepted if it is for the token at the
     * end of the URL's path.
     *
     * @param timeout for the whole walk; more than {@link ValidationRules#MAX_TIME} makes no difference
     */
    public Walk trace(URI url, Duration timeout) {
        try {
            LocationParser.Parsed first = LocationParser.parse(url.toString());
            return run(ExpectedAnswer.at(first.target().path()), timeout).walk(first.target(), Optional.empty());
        } catch (LocationParser.RefusedException e) {
            return new Walk(List.of(), new Verdict.Refused(e.problem()), List.of());
        }
    }

    private WalkRun run(ExpectedAnswer expected, Duration timeout) {
        return run(expected, Deadline.ofWalk(timeout));
    }

    private WalkRun run(ExpectedAnswer expected, Deadline deadline) {
        return new WalkRun(lookup, targetRules, exchange, reach, expected, deadline);
    }

    private Target start(HostName name, Token token, Entry entry) {
        return new Target(
                Target.Scheme.HTTP,
                new Target.Host(name.value(), Optional.empty()),
                rules.httpPort() == HTTP_PORT ? Optional.empty() : Optional.of(rules.httpPort()),
                token.path(),
                entry.query());
    }
}
