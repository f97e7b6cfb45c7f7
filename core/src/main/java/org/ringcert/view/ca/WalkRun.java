package org.ringcert.view.ca;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.ringcert.challenge.Http01;
import org.ringcert.cluster.HostName;
import org.ringcert.http.HttpGet;
import org.ringcert.view.ca.Walk.Hop;
import org.ringcert.view.ca.Walk.Verdict;

/** One walk while it is on its way. Used by one thread. */
final class WalkRun {

    private final HostLookup lookup;
    private final TargetRules targetRules;
    private final Exchange exchange;
    private final ExpectedAnswer expected;
    private final Deadline deadline;

    private final List<Hop> hops = new ArrayList<>();
    private final Set<String> visited = new HashSet<>();
    private final Set<Problem> warnings = new LinkedHashSet<>();
    private final OtherAddresses otherAddresses;

    /** Why this machine cannot tell what a CA would see; empty if it can. */
    private Optional<Verdict.Undecided> noVerdict = Optional.empty();

    WalkRun(
            HostLookup lookup,
            TargetRules targetRules,
            Exchange exchange,
            Reach reach,
            ExpectedAnswer expected,
            Deadline deadline) {
        this.lookup = lookup;
        this.targetRules = targetRules;
        this.exchange = exchange;
        this.expected = expected;
        this.deadline = deadline;
        this.otherAddresses = new OtherAddresses(reach, deadline);
    }

    /**
     * Walks.
     *
     * @param fixed where some requests are sent; empty to choose as a CA does
     */
    Walk walk(Target first, Optional<FixedAddress> fixed) {
        Verdict verdict;
        try {
            verdict = follow(first, fixed);
            warnings.addAll(otherAddresses.finish());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            verdict = interrupted();
        }
        int redirects = hops.size() - 1;
        if (redirects > 1) {
            warnings.add(TargetProblems.manyRedirects(redirects));
        }
        if (deadline.elapsed().compareTo(ValidationRules.SLOW) > 0) {
            warnings.add(Problems.slow(deadline.elapsed(), ValidationRules.SLOW));
        }
        return new Walk(hops, noVerdict.isPresent() ? undecided(verdict) : verdict, List.copyOf(warnings));
    }

    private static Verdict interrupted() {
        return new Verdict.Undecided("the walk was interrupted", "");
    }

    /** The walk over IPv4 tells what is behind it, but not what a CA sees that has IPv6. */
    private Verdict undecided(Verdict overIpv4) {
        String outcome = switch (overIpv4) {
            case Verdict.Accepted _ -> "over IPv4 the answer is right";
            case Verdict.Refused(Problem problem) -> "over IPv4, " + problem.what();
            case Verdict.Undecided(String reason, var _) -> reason;
        };
        Verdict.Undecided overIpv6 = noVerdict.orElseThrow();
        return new Verdict.Undecided(overIpv6.reason() + "; " + outcome, overIpv6.remedy());
    }

    private Verdict follow(Target first, Optional<FixedAddress> fixed) throws InterruptedException {
        Target target = first;
        Optional<Verdict> end = admit(target);
        while (end.isEmpty()) {
            Response response = request(target, fixed);
            if (response.end().isPresent()) {
                return response.end().get();
            }
            HttpGet.Response http = response.http().orElseThrow();
            if (!Http01.isFollowed(http.status())) {
                return lastVerdict(http, response.at().orElseThrow());
            }
            try {
                target = redirectTarget(target, http);
            } catch (LocationParser.RefusedException e) {
                return new Verdict.Refused(e.problem());
            }
            end = admit(target);
        }
        return end.get();
    }

    /** Checks a URL before it is requested. Returns the verdict if a CA would not request it. */
    private Optional<Verdict> admit(Target target) {
        if (hops.size() > Http01.MAX_REDIRECTS) {
            return refused(TargetProblems.tooManyRedirects(Http01.MAX_REDIRECTS));
        }
        if (!visited.add(target.url())) {
            return refused(loop(target));
        }
        UrlSource source = hops.isEmpty() ? UrlSource.START : UrlSource.REDIRECT;
        return targetRules.check(target, source, warnings::add).flatMap(WalkRun::refused);
    }

    private Problem loop(Target target) {
        List<String> urls = Stream.concat(hops.stream().map(Hop::url), Stream.of(target.url()))
                .toList();
        return withRemedyOfPathEater(TargetProblems.loop(target.url()), urls);
    }

    private static Optional<Verdict> refused(Problem problem) {
        return Optional.of(new Verdict.Refused(problem));
    }

    /**
     * What came of a request, with its second attempt if there was one.
     *
     * @param end the verdict if the walk ends here without a response
     */
    private record Response(Optional<HttpGet.Response> http, Optional<Problems.At> at, Optional<Verdict> end) {

        static Response end(Verdict verdict) {
            return new Response(Optional.empty(), Optional.empty(), Optional.of(verdict));
        }
    }

    private Response request(Target target, Optional<FixedAddress> fixed) throws InterruptedException {
        Deadline hopTime = Deadline.after(deadline.limit());
        Optional<InetAddress> chosen = fixed.flatMap(each -> each.forRequest(target, hops.isEmpty()));
        Optional<Problem> refusal = chosen.filter(_ -> fixed.orElseThrow().isPublished())
                .flatMap(address -> lookup.refusal(target.host().text(), address));
        if (refusal.isPresent()) {
            hops.add(new Hop(target.url(), chosen, OptionalInt.empty(), hopTime.elapsed()));
            return Response.end(new Verdict.Refused(refusal.get()));
        }
        Optional<InetAddress> literal = target.host().literal();
        if (chosen.isPresent() || literal.isPresent()) {
            return send(target, chosen.or(() -> literal).get(), Optional.empty(), hopTime);
        }
        HostLookup.Result found = lookup.find(new HostName(target.host().text()), deadline);
        warnings.addAll(found.warnings());
        if (found.usable().isEmpty()) {
            hops.add(new Hop(target.url(), Optional.empty(), OptionalInt.empty(), hopTime.elapsed()));
            Optional<Verdict> noAddress = found.problem().map(Verdict.Refused::new);
            return Response.end(noAddress.or(found::cutShort).orElseThrow());
        }
        List<InetAddress> preferred = found.preferred();
        boolean isFirst = hops.isEmpty();
        if (!isFirst) {
            otherAddresses.tryToConnect(target, preferred.subList(1, preferred.size()));
        }
        Optional<InetAddress> fallback =
                isFirst && !found.ipv6().isEmpty() ? found.ipv4().stream().findFirst() : Optional.empty();
        return send(target, preferred.getFirst(), fallback, hopTime);
    }

    /**
     * Sends a request.
     *
     * @param fallback where it is repeated if no connection is made, which CAs do for the first request only
     */
    private Response send(Target target, InetAddress address, Optional<InetAddress> fallback, Deadline hopTime) {
        Problems.At at = new Problems.At(target, address);
        Exchange.Outcome outcome = exchange.send(target, address, referer(target), deadline);
        OptionalInt status = outcome instanceof Exchange.Outcome.Responded(HttpGet.Response response)
                ? OptionalInt.of(response.status())
                : OptionalInt.empty();
        hops.add(new Hop(target.url(), Optional.of(address), status, hopTime.elapsed()));
        return switch (outcome) {
            case Exchange.Outcome.Responded(HttpGet.Response response) ->
                new Response(Optional.of(response), Optional.of(at), Optional.empty());
            case Exchange.Outcome.NotConnected(Problem problem) -> {
                if (fallback.isEmpty() || deadline.hasPassed()) {
                    yield Response.end(new Verdict.Refused(problem));
                }
                warnings.add(TargetProblems.fellBack(problem));
                yield send(target, fallback.get(), Optional.empty(), Deadline.after(deadline.limit()));
            }
            case Exchange.Outcome.Failed(Problem problem) -> Response.end(new Verdict.Refused(problem));
            case Exchange.Outcome.CutShort() -> Response.end(Problems.cutShort(at.socket() + " answered"));
            case Exchange.Outcome.OutOfReach(String reason) -> Response.end(Problems.outOfReach(reason));
            case Exchange.Outcome.NoRoute() -> {
                Verdict.Undecided noRoute = Problems.noRoute(at);
                if (fallback.isEmpty()) {
                    yield Response.end(noRoute);
                }
                noVerdict = Optional.of(noRoute);
                yield send(target, fallback.get(), Optional.empty(), Deadline.after(deadline.limit()));
            }
            case Exchange.Outcome.Interrupted() -> Response.end(interrupted());
        };
    }

    /** Returns the URL of the previous request, unless it would leave https. A repeated first request has none. */
    private Optional<String> referer(Target target) {
        if (hops.isEmpty() || hops.getLast().url().equals(target.url())) {
            return Optional.empty();
        }
        String previous = hops.getLast().url();
        return previous.startsWith("https:") && !target.isTls() ? Optional.empty() : Optional.of(previous);
    }

    private Target redirectTarget(Target from, HttpGet.Response response) throws LocationParser.RefusedException {
        List<String> locations = response.headers().values("Location");
        if (locations.size() != 1 || locations.getFirst().isEmpty()) {
            throw new LocationParser.RefusedException(
                    TargetProblems.locationCount(response.status(), locations.size()));
        }
        LocationParser.Parsed parsed = LocationParser.parse(from, locations.getFirst());
        if (parsed.hasFragment()) {
            warnings.add(TargetProblems.fragment(parsed.target().url()));
        }
        return parsed.target();
    }

    private Verdict lastVerdict(HttpGet.Response response, Problems.At at) {
        List<String> urls = hops.stream().map(Hop::url).toList();
        if (response.status() != 200) {
            return new Verdict.Refused(Problems.finalStatus(response.status(), response.headers(), urls, expected, at));
        }
        Verdict verdict = BodyRules.verdict(response, expected, at, warnings::add);
        return verdict instanceof Verdict.Refused(Problem problem)
                ? new Verdict.Refused(withRemedyOfPathEater(problem, urls))
                : verdict;
    }

    /** Replaces the remedy if a redirect has lost the path, which explains everything after it. */
    private Problem withRemedyOfPathEater(Problem problem, List<String> urls) {
        return Problems.pathEater(urls, expected).map(problem::withRemedy).orElse(problem);
    }
}
