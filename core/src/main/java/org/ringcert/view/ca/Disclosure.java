package org.ringcert.view.ca;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.ringcert.view.ca.Walk.Hop;
import org.ringcert.view.ca.Walk.Verdict;

/**
 * What may be reported of a look to others, who may be strangers: addresses, statuses, times and verdicts, but nothing
 * of what a server has sent. So a redirect into a private network does not make its servers speak to the outside.
 * Stateless.
 */
public final class Disclosure {

    /** Maximum length of a summary, in characters. */
    public static final int MAX_SUMMARY = 200;

    private static final Pattern TOKEN = Pattern.compile("(/\\.well-known/acme-challenge/)[A-Za-z0-9_-]{16,256}");
    private static final String REDIRECT_TARGET = "the target of a redirect";
    private static final String TLS_FAILURE = "the TLS handshake fails";

    private Disclosure() {}

    /** Returns the part of a view that may be reported. */
    public static NameView of(NameView view) {
        return new NameView(
                view.name(),
                view.addresses(),
                view.views().stream().map(Disclosure::of).toList(),
                problems(view.problems(), List.of()),
                problems(view.warnings(), List.of()),
                view.complete());
    }

    private static AddressView of(AddressView view) {
        return new AddressView(view.address(), of(view.walk()), of(view.https()));
    }

    private static Walk of(Walk walk) {
        List<Hop> hops = new ArrayList<>();
        for (Hop hop : walk.hops()) {
            String url = hops.isEmpty() ? hop.url() : "";
            hops.add(new Hop(url, hop.address(), hop.status(), hop.time()));
        }
        Verdict verdict = walk.verdict() instanceof Verdict.Refused(Problem problem)
                ? new Verdict.Refused(of(problem, walk.hops()))
                : walk.verdict();
        return new Walk(hops, verdict, problems(walk.warnings(), walk.hops()));
    }

    private static List<Problem> problems(List<Problem> problems, List<Hop> hops) {
        return problems.stream().map(problem -> of(problem, hops)).toList();
    }

    private static Problem of(Problem problem, List<Hop> hops) {
        return new Problem(problem.rule(), summary(problem, hops), "", "");
    }

    /**
     * Returns what is reported of a problem. It is the same for the same problem at all viewpoints: it has no token,
     * which is another for each look.
     *
     * @param hops those of the walk; empty if it is a problem of a name as a whole
     */
    public static String summary(Problem problem, List<Hop> hops) {
        String summary = problem.summary();
        for (Hop hop : hops.subList(Math.min(1, hops.size()), hops.size())) {
            summary = summary.replace(hop.url(), REDIRECT_TARGET);
            String host = host(hop.url());
            if (!host.isEmpty() && !host.equals(host(hops.getFirst().url()))) {
                summary = summary.replace(host, REDIRECT_TARGET);
            }
        }
        String withoutToken = TOKEN.matcher(summary).replaceAll("$1TOKEN");
        return withoutToken.length() > MAX_SUMMARY ? withoutToken.substring(0, MAX_SUMMARY) : withoutToken;
    }

    private static String host(String url) {
        try {
            String host = URI.create(url).getHost();
            return host == null ? "" : host.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            // Not a URL, as in a report.
            return "";
        }
    }

    private static HttpsView of(HttpsView view) {
        return switch (view) {
            case HttpsView.Certificate certificate
            when !certificate.matchesName() ->
                new HttpsView.Certificate("0", "", Instant.EPOCH, Instant.EPOCH, certificate.selfSigned(), false);
            case HttpsView.None(String reason) when reason.startsWith(TLS_FAILURE) -> new HttpsView.None(TLS_FAILURE);
            case HttpsView.Certificate _, HttpsView.None _, HttpsView.NotSeen _ -> view;
        };
    }
}
