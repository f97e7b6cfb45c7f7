package org.ringcert.daemon.check;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ringcert.cluster.AddressText;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.CheckFinding.Level;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.daemon.check.SeenProblem.Weight;
import org.ringcert.daemon.check.SeenProblem.Words;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.Rule;
import org.ringcert.view.ca.Walk.Verdict;

/** Reports what is wrong with a name. A failure at any viewpoint counts, unless it is excused; then it is a warning. */
final class NameFindings {

    private final Topic topic;
    private final HostName self;
    private final Set<Rule> tolerated;
    private final NodeAddresses nodes;

    /** @param nodes which node has which address */
    NameFindings(Topic topic, CheckScope scope, NodeAddresses nodes) {
        this.topic = topic;
        this.self = scope.self();
        this.tolerated = scope.rulesOfPublicCas();
        this.nodes = nodes;
    }

    /** Where a problem was seen. */
    private record Places(Set<InetAddress> addresses, Set<HostName> viewpoints) {
        Places() {
            this(new LinkedHashSet<>(), new LinkedHashSet<>());
        }
    }

    private record Kind(Level level, Problem problem, Words words) {}

    /** Returns warnings and failures; none if all is well. */
    List<CheckFinding> of(NameJudgement judgement) {
        List<CheckFinding> findings = new ArrayList<>(problems(judgement));
        findings.addAll(onlyThisServer(judgement));
        findings.addAll(untried(judgement));
        findings.addAll(unfinished(judgement));
        findings.addAll(otherAddresses(judgement));
        return findings;
    }

    private List<CheckFinding> problems(NameJudgement judgement) {
        Map<Kind, Places> places = new LinkedHashMap<>();
        for (SeenProblem each : judgement.problems()) {
            if (!isTolerated(each)) {
                Level level = each.isFailure() ? Level.FAILURE : Level.WARNING;
                Places seen = places.computeIfAbsent(new Kind(level, problem(each), each.words()), _ -> new Places());
                each.address().ifPresent(seen.addresses()::add);
                seen.viewpoints().add(each.viewpoint());
            }
        }
        List<CheckFinding> findings = new ArrayList<>();
        places.forEach((kind, seen) -> findings.add(finding(kind, seen, judgement.views())));
        return findings;
    }

    /** Returns whether only a public CA would mind. {@link PrivateNetworkCheck} reports that for all names together. */
    private boolean isTolerated(SeenProblem seen) {
        return (seen.weight() == Weight.WARNING || seen.weight() == Weight.SECOND_CHOICE)
                && tolerated.contains(seen.problem().rule());
    }

    private static Problem problem(SeenProblem seen) {
        Problem problem = seen.problem();
        return seen.weight() == Weight.OWN_REDIRECT
                ? new Problem(
                        problem.rule(),
                        problem.what(),
                        problem.caSays(),
                        "The redirect leads to " + seen.viewpoint() + " itself, which others reach there. A server"
                                + " behind NAT may not reach its own public address.",
                        problem.summary())
                : problem;
    }

    private CheckFinding finding(Kind kind, Places seen, NameViews views) {
        Problem problem = kind.problem();
        Set<HostName> looked = views.viewpoints();
        boolean isNamed = seen.addresses().isEmpty()
                || seen.addresses().stream()
                        .anyMatch(address -> problem.what().startsWith(AddressText.of(address) + " "));
        String where = isNamed ? "" : "at " + Shown.addresses(seen.addresses()) + ": ";
        boolean isQuoted = kind.words() == Words.OF_PEER;
        String quoting =
                isQuoted ? Shown.list(seen.viewpoints()) + (seen.viewpoints().size() == 1 ? " says: " : " say: ") : "";
        String from = isQuoted || seen.viewpoints().equals(looked)
                ? ""
                : " (seen from " + Shown.list(seen.viewpoints()) + ")";
        String says = problem.caSays().isEmpty() ? "" : "; the CA would say: " + problem.caSays();
        boolean nobodyElseLooked = kind.level() == Level.FAILURE
                && looked.equals(Set.of(self))
                && seen.addresses().stream().anyMatch(nodes.addressesOf(self)::contains);
        String remedy = nobodyElseLooked
                ? problem.remedy()
                        + " If this server is behind NAT, it may just not see itself; no peer has looked for it."
                : problem.remedy();
        return new CheckFinding(
                kind.level(),
                topic,
                views.name().value(),
                where + quoting + problem.what() + from + says,
                Optional.of(remedy.strip()).filter(text -> !text.isEmpty()));
    }

    private List<CheckFinding> onlyThisServer(NameJudgement judgement) {
        return judgement.isOnlyThisServerFailing()
                ? List.of(CheckFinding.warning(
                        topic,
                        judgement.views().name(),
                        "validations succeed as seen from "
                                + Shown.list(judgement.views().ofPeers().keySet()) + ", but not from this server, "
                                + self + ": it probably cannot reach its own public address (hairpin NAT), or its DNS"
                                + " differs from what the CA sees (split DNS)",
                        "Orders are made, because the CA looks from outside as the peers do. For a right view from"
                                + " here, set `resolver` in [check] to a public DNS server, or let the router loop"
                                + " back connections to its public address."))
                : List.of();
    }

    /** Reports the addresses that no viewpoint could try. */
    private List<CheckFinding> untried(NameJudgement judgement) {
        HostName name = judgement.views().name();
        List<CheckFinding> findings = new ArrayList<>();
        judgement.untried().forEach((verdict, addresses) -> {
            String text = "nobody could validate at " + Shown.addresses(addresses) + ": " + verdict.reason();
            findings.add(
                    isUntriedAnywhere(judgement.views())
                            ? CheckFinding.untried(topic, name, text, verdict.remedy())
                            : CheckFinding.warning(topic, name, text, verdict.remedy()));
        });
        return findings;
    }

    /** Returns whether no viewpoint has a verdict about any address. */
    private static boolean isUntriedAnywhere(NameViews views) {
        return views.byViewpoint().values().stream()
                .flatMap(view -> view.views().stream())
                .allMatch(each -> each.walk().verdict() instanceof Verdict.Undecided);
    }

    private List<CheckFinding> unfinished(NameJudgement judgement) {
        List<HostName> slow = judgement.unfinished();
        return slow.isEmpty()
                ? List.of()
                : List.of(CheckFinding.warning(
                        topic,
                        judgement.views().name(),
                        "the look from " + Shown.list(slow) + " did not end in time, so not everything was seen",
                        "A server or DNS server on the way is slow or silent."));
    }

    private List<CheckFinding> otherAddresses(NameJudgement judgement) {
        List<InetAddress> here =
                judgement.views().own().map(view -> view.addresses().all()).orElse(List.of());
        List<CheckFinding> findings = new ArrayList<>();
        judgement
                .otherAddresses()
                .forEach((viewpoint, there) -> findings.add(CheckFinding.warning(
                        topic,
                        judgement.views().name(),
                        "the DNS says " + Shown.addresses(here) + " here and " + Shown.addresses(there) + " to "
                                + viewpoint + " (split DNS)",
                        "Set `resolver` in [check] to a DNS server that sees what the CA sees.")));
        return findings;
    }
}
