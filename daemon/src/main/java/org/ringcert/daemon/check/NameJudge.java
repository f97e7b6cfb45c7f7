package org.ringcert.daemon.check;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.SeenProblem.Weight;
import org.ringcert.view.ca.AddressView;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.Walk.Verdict;

/**
 * Judges what all viewpoints have seen of a name. A CA, too, validates from several places, and nearly all of them must
 * succeed, so a failure at any viewpoint is one, with these exceptions:
 *
 * <ul>
 *   <li>A server may not reach its own public address (hairpin NAT) or may have its own view of the DNS. It is excused
 *       if only this server fails, and peers succeed at the same addresses; if a peer fails at its own address only; or
 *       if a redirect leads a server to itself, where it gets no answer but others do.
 *   <li>A CA prefers IPv6. If a name has an IPv6 address that CAs use, an IPv4 address is a second choice.
 *   <li>An address that a viewpoint has no route to is decided by those that have one.
 * </ul>
 */
final class NameJudge {

    private final NodeAddresses nodes;

    /** @param nodes which node has which address */
    NameJudge(NodeAddresses nodes) {
        this.nodes = nodes;
    }

    NameJudgement judge(NameViews views) {
        boolean isOnlyThisServerFailing = isOnlyThisServerFailing(views);
        List<SeenProblem> problems = new ArrayList<>();
        List<SeenProblem> own =
                views.own().map(view -> SeenProblem.in(views.self(), view)).orElse(List.of());
        views.byViewpoint()
                .forEach((viewpoint, view) -> SeenProblem.in(viewpoint, view).stream()
                        .map(problem -> viewpoint.equals(views.self()) ? problem : problem.inWordsOf(own))
                        .map(problem -> excuse(problem, isOnlyThisServerFailing, views))
                        .forEach(problems::add));
        return new NameJudgement(views, problems, untried(views));
    }

    private SeenProblem excuse(SeenProblem problem, boolean isOnlyThisServerFailing, NameViews views) {
        HostName viewpoint = problem.viewpoint();
        Set<InetAddress> own = nodes.addressesOf(viewpoint);
        boolean leadsToItself = problem.unreached().filter(own::contains).isPresent();
        if (leadsToItself
                && problem.address()
                        .filter(address -> views.isAcceptedElsewhere(viewpoint, address))
                        .isPresent()) {
            return problem.excused(Weight.OWN_REDIRECT);
        }
        if (!problem.isFailure()) {
            return problem;
        }
        if (viewpoint.equals(views.self())) {
            return isOnlyThisServerFailing ? problem.excused(Weight.ONLY_HERE) : problem;
        }
        return problem.address().filter(own::contains).isPresent() ? problem.excused(Weight.OWN_ADDRESS) : problem;
    }

    private static boolean isOnlyThisServerFailing(NameViews views) {
        List<SeenProblem> own =
                views.own().map(view -> failures(views.self(), view)).orElse(List.of());
        Map<HostName, NameView> peers = views.ofPeers();
        return !own.isEmpty()
                && !peers.isEmpty()
                && peers.entrySet().stream().allMatch(peer -> isWell(peer.getKey(), peer.getValue()))
                && own.stream()
                        .flatMap(failure -> failure.address().stream())
                        .allMatch(address -> isContradicted(address, peers));
    }

    private static boolean isWell(HostName viewpoint, NameView view) {
        return failures(viewpoint, view).isEmpty()
                && view.views().stream().anyMatch(each -> each.walk().isAccepted());
    }

    private static List<SeenProblem> failures(HostName viewpoint, NameView view) {
        return SeenProblem.in(viewpoint, view).stream()
                .filter(SeenProblem::isFailure)
                .toList();
    }

    /** Returns whether a peer succeeds at an address, or the DNS gives the address to no peer. */
    private static boolean isContradicted(InetAddress address, Map<HostName, NameView> peers) {
        List<AddressView> there = peers.values().stream()
                .flatMap(view -> view.views().stream())
                .filter(each -> each.address().equals(address))
                .toList();
        return there.isEmpty() || there.stream().anyMatch(each -> each.walk().isAccepted());
    }

    private static Map<Verdict.Undecided, Set<InetAddress>> untried(NameViews views) {
        Map<Verdict.Undecided, Set<InetAddress>> untried = new LinkedHashMap<>();
        Map<String, Verdict.Undecided> verdicts = new HashMap<>();
        Set<InetAddress> decided = new HashSet<>();
        views.byViewpoint().forEach((viewpoint, view) -> {
            for (AddressView each : view.views()) {
                if (each.walk().verdict() instanceof Verdict.Undecided verdict) {
                    Verdict.Undecided first = verdicts.computeIfAbsent(
                            verdict.reason(),
                            _ -> viewpoint.equals(views.self()) ? verdict : quoted(viewpoint, verdict));
                    untried.computeIfAbsent(first, _ -> new LinkedHashSet<>()).add(each.address());
                } else {
                    decided.add(each.address());
                }
            }
        });
        untried.values().forEach(addresses -> addresses.removeAll(decided));
        untried.values().removeIf(Set::isEmpty);
        return untried;
    }

    private static Verdict.Undecided quoted(HostName peer, Verdict.Undecided verdict) {
        return new Verdict.Undecided(peer + " says: " + verdict.reason(), verdict.remedy());
    }
}
