package org.ringcert.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;

/**
 * Plans the first orders of sets of names that nobody is known to have, within the limits of registered domains and of
 * accounts. First come the servers to which the sites' names lead, then for each site its second set of names, and so
 * on. Confined to one thread.
 */
final class FirstOrders {

    private final Map<HostName, Timeline> domains = new HashMap<>();
    private final Map<Refused, Instant> refusals = new HashMap<>();
    private final Map<HostName, Timeline> accounts = new HashMap<>();
    private final Map<NameSet, FirstOrder> planned = new HashMap<>();
    private final Optional<Limit> domainLimit;
    private final Optional<Limit> accountLimit;
    private final Instant now;

    /**
     * @param related all groups that share a limit, directly or through others, in the order of the file
     * @param accountLimit empty if it cannot matter
     */
    FirstOrders(List<GroupView> related, Optional<Limit> domainLimit, Optional<Limit> accountLimit, Instant now) {
        this.domainLimit = domainLimit;
        this.accountLimit = accountLimit;
        this.now = now;
        related.forEach(this::addPast);
        inOrder(related).stream().filter(GroupView::isNew).forEach(this::plan);
    }

    private record Refused(HostName node, HostName domain) {}

    /** Returns the first order of a set; empty if it is not new. */
    Optional<FirstOrder> of(GroupView view) {
        return Optional.ofNullable(planned.get(view.group().set()));
    }

    private void addPast(GroupView view) {
        List<Timeline> timelines = domainTimelines(view);
        if (!view.isNew()) {
            view.firstIssue().ifPresent(time -> timelines.forEach(timeline -> timeline.add(time, 1)));
        }
        for (HostName node : view.ranked()) {
            view.refusal(node)
                    .filter(view::isOfNewSet)
                    .filter(_ -> view.isNew())
                    .ifPresent(refusal -> addRefusal(view, node, refusal, timelines));
        }
    }

    private void addRefusal(GroupView view, HostName node, Refusal refusal, List<Timeline> timelines) {
        timelines.forEach(timeline -> timeline.addRefusal(refusal));
        for (HostName domain : view.group().domains()) {
            refusals.merge(
                    new Refused(node, domain), refusal.until(), (one, other) -> one.isAfter(other) ? one : other);
        }
    }

    /**
     * Refused orders first, because the CA has said when; then one of each site, and then the others alike. Sets that
     * are not new keep their place, so that the order of the others does not depend on what is seen.
     */
    private static List<GroupView> inOrder(List<GroupView> views) {
        Map<HostName, List<GroupView>> bySite = new HashMap<>();
        views.forEach(view -> bySite.computeIfAbsent(view.group().site(), _ -> new ArrayList<>())
                .add(view));
        Map<GroupView, Integer> rounds = new HashMap<>();
        bySite.values().forEach(ofSite -> {
            ofSite.sort(Comparator.comparing(view -> !view.hasLeader()));
            for (int i = 0; i < ofSite.size(); i++) {
                rounds.put(ofSite.get(i), i);
            }
        });
        return views.stream()
                .sorted(Comparator.comparing(FirstOrders::refusedUntil)
                        .thenComparing(view -> rounds.getOrDefault(view, 0)))
                .toList();
    }

    private static Instant refusedUntil(GroupView view) {
        return view.refusal(view.ranked().getFirst()).map(Refusal::until).orElse(Instant.MAX);
    }

    /** If the time of an order has passed, its own node knows that it has not been made, and needs a token now. */
    private void plan(GroupView view) {
        HostName node = view.ranked().getFirst();
        List<Timeline> timelines = timelines(view, node);
        Optional<Refusal> refusal = view.refusal(node);
        Instant from = refusal.map(Refusal::until).orElseGet(() -> earliest(view, node));
        Search search = refusal.isPresent()
                ? Timeline::findRefused
                : (timeline, floor) -> timeline.find(from, floor, 1, Duration.ZERO);
        Turn.Reason reason = refusal.isPresent() ? new Turn.Reason.AfterRefusal() : new Turn.Reason.AtOnce();
        Found planned = find(new Found(from, reason), timelines, search);
        Found found = planned.at().isBefore(now) ? find(new Found(now, reason), timelines, search) : planned;
        timelines.forEach(timeline -> timeline.add(planned.at(), 1));
        this.planned.put(
                view.group().set(),
                new FirstOrder(node, planned.at(), found.at(), refusal.isPresent() ? reason : found.reason()));
    }

    /** Returns the earliest time in a timeline, at a time or later. */
    private interface Search {
        Instant earliest(Timeline timeline, Instant floor);
    }

    private record Found(Instant at, Turn.Reason reason) {}

    /** Finds the earliest time that suits all limits. */
    private static Found find(Found earliest, List<Timeline> timelines, Search search) {
        Found found = earliest;
        boolean suitsAll = false;
        while (!suitsAll) {
            suitsAll = true;
            for (Timeline timeline : timelines) {
                Instant at = search.earliest(timeline, found.at());
                if (at.isAfter(found.at())) {
                    found = new Found(at, timeline.reason());
                    suitsAll = false;
                }
            }
        }
        return found;
    }

    /** What a node still lacks it orders after it was refused for the same domain. Others may have theirs by now. */
    private Instant earliest(GroupView view, HostName node) {
        Instant earliest = since(view);
        for (HostName domain : view.group().domains()) {
            Instant until = refusals.getOrDefault(new Refused(node, domain), earliest);
            earliest = until.isAfter(earliest) ? until : earliest;
        }
        return earliest;
    }

    /** It has been expected since the first of the certificates was missed. */
    private static Instant since(GroupView view) {
        return view.orders().stream()
                .map(order -> switch (view.standing(order)) {
                    case Standing.Missing(Instant since) -> since;
                    case Standing.Has(Instant issued) -> issued;
                })
                .min(Instant::compareTo)
                .orElseThrow();
    }

    private List<Timeline> timelines(GroupView view, HostName node) {
        return Stream.concat(domainTimelines(view).stream(), accountTimeline(node).stream())
                .toList();
    }

    private List<Timeline> domainTimelines(GroupView view) {
        return domainLimit.stream()
                .flatMap(limit -> view.group().domains().stream()
                        .map(domain -> domains.computeIfAbsent(domain, it -> new Timeline(limit, it.value()))))
                .toList();
    }

    private Optional<Timeline> accountTimeline(HostName node) {
        return accountLimit.map(
                limit -> accounts.computeIfAbsent(node, it -> new Timeline(limit, "the account of " + it)));
    }
}
