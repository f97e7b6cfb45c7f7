package org.ringcert.view.look;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.HostAddresses;
import org.ringcert.view.ca.AddressView;
import org.ringcert.view.ca.HttpsView;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.ReportedProblem;
import org.ringcert.view.ca.Rule;
import org.ringcert.view.ca.Walk;
import org.ringcert.view.ca.Walk.Hop;
import org.ringcert.view.ca.Walk.Verdict;

/** Views for tests, with everything that a view can have. */
final class SampleViews {

    static final HostName SITE = new HostName("www.example.org");
    static final KeyAuthorization PROBE = new KeyAuthorization(
            new Token("probe-token-0123456789-0123456789-0123456789"), "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG");
    static final InetAddress IPV4 = InetAddress.ofLiteral("192.0.2.1");
    static final InetAddress IPV6 = InetAddress.ofLiteral("2001:db8::1");
    static final Problem PROBLEM = new Problem(
            Rule.FINAL_STATUS, "status 404", "Invalid response from http://www.example.org/: 404", "Look at it.");
    static final Problem WARNING = new Problem(Rule.CONTENT_TYPE, "text/html", "", "Nothing must be done.");

    private static final String URL = "http://www.example.org" + PROBE.token().path();

    private SampleViews() {}

    static NameView everything() {
        Walk accepted = new Walk(
                List.of(
                        hop(URL, IPV4, 302),
                        hop("http://web1.example.org" + PROBE.token().path() + "?left=", IPV4, 200)),
                new Verdict.Accepted(PROBE),
                List.of(WARNING, WARNING));
        Walk refused = new Walk(
                List.of(new Hop(URL, Optional.of(IPV6), OptionalInt.empty(), Duration.ofSeconds(3))),
                new Verdict.Refused(PROBLEM),
                List.of());
        Walk undecided = new Walk(
                List.of(),
                new Verdict.Undecided("this machine has no route to IPv6 addresses", "Try elsewhere."),
                List.of());
        HttpsView certificate = new HttpsView.Certificate(
                "0a1b",
                "CN=Üñ CA,O=\"Quoted\"",
                Instant.parse("2026-11-01T00:00:00Z"),
                Instant.parse("9999-12-31T23:59:59Z"),
                false,
                true);
        return new NameView(
                SITE,
                new HostAddresses(new AddressLookup.Found(List.of(IPV4)), new AddressLookup.Found(List.of(IPV6))),
                List.of(
                        new AddressView(IPV6, refused, new HttpsView.None("the connection is refused")),
                        new AddressView(IPV4, accepted, certificate),
                        new AddressView(IPV6, undecided, new HttpsView.NotSeen())),
                List.of(PROBLEM),
                List.of(WARNING),
                true);
    }

    /** Returns what is read of {@link #everything}: the advice is the reader's. */
    static NameView reported() {
        NameView all = everything();
        return new NameView(
                all.name(),
                all.addresses(),
                all.views().stream().map(SampleViews::reported).toList(),
                reported(all.problems()),
                reported(all.warnings()),
                true);
    }

    private static AddressView reported(AddressView view) {
        Verdict verdict = switch (view.walk().verdict()) {
            case Verdict.Accepted accepted -> accepted;
            case Verdict.Refused(Problem problem) ->
                new Verdict.Refused(ReportedProblem.of(problem.rule(), problem.what()));
            case Verdict.Undecided(String reason, var _) ->
                new Verdict.Undecided(reason, "Run `ringcert check` on that server itself.");
        };
        Walk walk = new Walk(view.walk().hops(), verdict, reported(view.walk().warnings()));
        return new AddressView(view.address(), walk, view.https());
    }

    private static List<Problem> reported(List<Problem> problems) {
        return problems.stream()
                .map(problem -> ReportedProblem.of(problem.rule(), problem.what()))
                .toList();
    }

    static NameView withoutAddresses() {
        return new NameView(
                SITE,
                new HostAddresses(new AddressLookup.None(), new AddressLookup.Failed("SERVFAIL")),
                List.of(),
                List.of(PROBLEM),
                List.of(),
                false);
    }

    /** A name with many addresses, each of which sends the CA around by long URLs. */
    static NameView large(int addresses) {
        List<Hop> hops = IntStream.range(0, 10)
                .mapToObj(i -> hop(URL + "?" + i + "x".repeat(1_900), IPV4, 302))
                .toList();
        Walk walk = new Walk(hops, new Verdict.Refused(PROBLEM), List.of(WARNING));
        return new NameView(
                SITE,
                new HostAddresses(new AddressLookup.Found(List.of(IPV4)), new AddressLookup.None()),
                IntStream.range(0, addresses)
                        .mapToObj(_ -> new AddressView(IPV4, walk, new HttpsView.NotSeen()))
                        .toList(),
                List.of(),
                List.of(),
                true);
    }

    static NameView withProblem(Problem problem) {
        return new NameView(
                SITE,
                new HostAddresses(new AddressLookup.None(), new AddressLookup.None()),
                List.of(),
                List.of(problem),
                List.of(),
                true);
    }

    private static Hop hop(String url, InetAddress address, int status) {
        return new Hop(url, Optional.of(address), OptionalInt.of(status), Duration.ofMillis(12));
    }
}
