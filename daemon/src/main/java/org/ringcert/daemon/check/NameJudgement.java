package org.ringcert.daemon.check;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.SeenProblem.Weight;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.Walk.Verdict;

/**
 * What the views of a name mean, put together by {@link NameJudge}. It decides nothing: `check` reports all of it
 * ({@link NameFindings}), and before an order one viewpoint that succeeds is enough ({@link Forecast}). Immutable.
 *
 * @param problems of each viewpoint, in the order of the viewpoints
 * @param untried the addresses that no viewpoint could try, by the verdict
 */
record NameJudgement(NameViews views, List<SeenProblem> problems, Map<Verdict.Undecided, Set<InetAddress>> untried) {

    NameJudgement {
        problems = List.copyOf(problems);
    }

    /** Returns whether this server alone fails, and is excused. */
    boolean isOnlyThisServerFailing() {
        return problems.stream().anyMatch(each -> each.weight() == Weight.ONLY_HERE);
    }

    /** Returns the viewpoints that have seen what a CA must see to validate the name. */
    Set<HostName> succeeding() {
        Set<HostName> succeeding = new LinkedHashSet<>();
        views.byViewpoint().forEach((viewpoint, view) -> {
            if (view.isAnsweredWhereCasGo()) {
                succeeding.add(viewpoint);
            }
        });
        return succeeding;
    }

    /** Returns the viewpoints whose looks did not end in time. */
    List<HostName> unfinished() {
        return views.byViewpoint().entrySet().stream()
                .filter(each -> !each.getValue().complete())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Returns the peers to which the DNS gives only addresses that it does not give this server. */
    Map<HostName, List<InetAddress>> otherAddresses() {
        List<InetAddress> here = views.own().map(view -> view.addresses().all()).orElse(List.of());
        Map<HostName, List<InetAddress>> others = new LinkedHashMap<>();
        for (Map.Entry<HostName, NameView> peer : views.ofPeers().entrySet()) {
            List<InetAddress> there = peer.getValue().addresses().all();
            if (!here.isEmpty() && !there.isEmpty() && there.stream().noneMatch(here::contains)) {
                others.put(peer.getKey(), there);
            }
        }
        return others;
    }
}
