package org.ringcert.daemon.check;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.view.ca.Entry;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.Rule;
import org.ringcert.view.ca.ViewpointReply;
import org.ringcert.view.ca.Walk;
import org.ringcert.view.ca.Walk.Verdict;

/**
 * A token that no node holds must end in 404 inside the cluster. Anything else means that some server answers
 * challenges that it does not know, or sends CAs in circles. No order fails because of it: if challenges that exist are
 * answered wrongly too, the sites' own walks fail.
 */
final class UnknownTokenCheck implements Check {

    /**
     * How many names are tried at each address. Each costs the server there one of the lookups that it makes for an
     * unknown client, of which there are 20.
     */
    private static final int MAX_NAMES = 4;

    private static final String SUBJECT = "unknown token";
    private static final Duration TIMEOUT = Duration.ofSeconds(9);

    /** Walks to a token from one address of a name. */
    @FunctionalInterface
    interface WalkFrom {
        Walk walk(HostName name, InetAddress address, Entry entry, KeyAuthorization expected, Duration timeout);
    }

    private final CheckScope scope;
    private final Survey survey;
    private final WalkFrom walker;
    private final KeyAuthorization unknown;

    /** @param unknown what no node has published */
    UnknownTokenCheck(CheckScope scope, Survey survey, WalkFrom walker, KeyAuthorization unknown) {
        this.scope = scope;
        this.survey = survey;
        this.walker = walker;
        this.unknown = unknown;
    }

    private record Start(HostName name, InetAddress address) {}

    @Override
    public List<CheckFinding> look() throws InterruptedException {
        NodeAddresses nodes = survey.nodeAddresses(scope);
        List<Callable<List<CheckFinding>>> walks = new ArrayList<>();
        for (Start start : starts()) {
            walks.add(() ->
                    judge(start, walker.walk(start.name(), start.address(), Entry.ANY_NODE, unknown, TIMEOUT), nodes));
        }
        // Walks from many places end at the same server.
        List<CheckFinding> findings = ParallelTasks.run(walks).stream()
                .flatMap(List::stream)
                .distinct()
                .toList();
        if (findings.isEmpty() && !walks.isEmpty()) {
            return List.of(CheckFinding.ok(
                    Topic.UNKNOWN_TOKEN, SUBJECT, "ends in 404 inside the cluster, wherever it begins"));
        }
        return findings;
    }

    private List<Start> starts() throws InterruptedException {
        Map<InetAddress, Integer> names = new HashMap<>();
        List<Start> starts = new ArrayList<>();
        for (HostName name : scope.siteNames()) {
            for (Sighting sighting : survey.of(name)) {
                if (sighting.viewpoint().equals(scope.self())
                        && sighting.reply() instanceof ViewpointReply.Seen(var view)) {
                    for (InetAddress address : view.addresses().all()) {
                        if (names.merge(address, 1, Integer::sum) <= MAX_NAMES) {
                            starts.add(new Start(name, address));
                        }
                    }
                }
            }
        }
        return starts;
    }

    private List<CheckFinding> judge(Start start, Walk walk, NodeAddresses nodes) {
        if (!(walk.verdict() instanceof Verdict.Refused refused)) {
            return List.of();
        }
        Problem problem = SeenProblem.withoutToken(refused.problem());
        String where = "at " + Shown.address(start.address()) + ": ";
        Optional<String> stranger = strangerAmong(walk);
        OptionalInt status = walk.lastStatus();
        if (stranger.isPresent()) {
            return List.of(warning(
                    start,
                    where + "a token that no server holds leads out of the cluster, to " + stranger.get(),
                    "An application or a redirect rule catches challenges. Exclude"
                            + " /.well-known/acme-challenge/ from it."));
        }
        if (problem.rule() == Rule.LOOP || problem.rule() == Rule.REDIRECT_COUNT) {
            return List.of(warning(
                    start,
                    where + "a token that no server holds leads in circles: " + problem.what(),
                    problem.remedy()));
        }
        if (status.isPresent() && status.getAsInt() == 200) {
            return List.of(answeredByEverything(walk.hops().getLast().address().orElse(start.address()), nodes));
        }
        // A server that does not answer at all is reported with its site.
        return status.isEmpty() || status.getAsInt() < 500
                ? List.of()
                : List.of(warning(
                        start,
                        where + "a token that no server holds ends in status " + status.getAsInt() + " instead of 404",
                        "See the log of the server there: it may pass challenges on to a program that does not run."));
    }

    /** Returns the finding about the server that gave the last response. The walk may have begun at another. */
    private static CheckFinding answeredByEverything(InetAddress server, NodeAddresses nodes) {
        return CheckFinding.warning(
                Topic.UNKNOWN_TOKEN,
                nodes.nodeAt(server).map(HostName::value).orElse(SUBJECT),
                "the server at " + Shown.address(server) + " answers a token that no server holds with status 200",
                "A web server or an application there answers every path, also the challenges of other servers. Let"
                        + " it pass /.well-known/acme-challenge/ to Ringcert (`ringcert web SERVER` prints how).");
    }

    /** Returns the first host of the walk that the configuration does not have. */
    private Optional<String> strangerAmong(Walk walk) {
        Set<String> known = new HashSet<>();
        scope.configuration().sites().forEach(site -> site.names().forEach(name -> known.add(name.value())));
        scope.configuration()
                .nodes()
                .forEach(node -> known.add(node.node().name().value()));
        return walk.hops().stream()
                .map(hop -> URI.create(hop.url()).getHost())
                .filter(host -> host != null && !known.contains(host))
                .findFirst();
    }

    private static CheckFinding warning(Start start, String text, String remedy) {
        return CheckFinding.warning(Topic.UNKNOWN_TOKEN, start.name(), text, remedy);
    }
}
