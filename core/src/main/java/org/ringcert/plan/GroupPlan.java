package org.ringcert.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;

/** Plans the orders of one exact set of names within its limit. Confined to one thread. */
final class GroupPlan {

    /** How long the others wait for the first certificate to be seen. */
    static final Duration WAIT_FOR_FIRST = Duration.ofMinutes(10);

    /**
     * How much longer each further one waits, so that they do not all count as new if the first does not order. An
     * order takes some seconds.
     */
    static final Duration STAGGER = Duration.ofMinutes(1);

    private static final Duration REFUSAL_MEMORY = Duration.ofDays(7);

    private static final Duration ROLLOUT = Duration.ofDays(1);

    /** Within this time a certificate is issued and presented, so that others see it. */
    private static final Duration TIME_TO_SEE = Duration.ofMinutes(3);

    /** The moments of all nodes together take at most this part of the time between two tokens. */
    private static final long MOMENTS_PART = 50;

    private final GroupView view;
    private final Optional<FirstOrder> first;
    private final RenewalLimit renewals;
    private final Instant now;
    private final Duration share;
    private final Optional<Timeline> timeline;
    private final Map<GroupView.Order, Planned> planned = new LinkedHashMap<>();

    /** @param first the first order; empty if these names are not new, or nothing counts new names */
    GroupPlan(GroupView view, Optional<FirstOrder> first, Optional<Limit> limit, RenewalLimit renewals, Instant now) {
        this.view = view;
        this.first = first;
        this.renewals = renewals;
        this.now = now;
        this.share = limit.map(this::share).orElse(TIME_TO_SEE);
        this.timeline = limit.map(it -> new Timeline(it, subject()));
        addPast();
        planMissing();
    }

    /**
     * An order of one that lacks its certificate. Its time may have passed. For the plans of others it counts then; but
     * its own node knows that it has not been made, and that there must be a token for it now.
     *
     * @param at when it is made, if nothing has prevented it
     * @param turn when it can be made now
     */
    private record Planned(Instant at, Turn turn) {}

    Optional<Turn> turn(GroupView.Order order) {
        return Optional.ofNullable(planned.get(order)).map(Planned::turn);
    }

    /** Returns the turns of all that lack their certificate. */
    List<Turn> turns() {
        return planned.values().stream().map(Planned::turn).toList();
    }

    /** Returns the turn of one that is not missing, after all that are. */
    Turn renewal(GroupView.Order order) {
        Optional<Refusal> refusal = view.pendingRefusal(order.node());
        if (refusal.isPresent()) {
            Instant at = findRefused(refusal.get().until(), order.node());
            return turn(order, at, new Turn.Reason.AfterRefusal());
        }
        Instant at = timeline.map(
                        it -> it.find(now, now, 1, afterOthers(view.orders().size())))
                .orElse(now);
        return turn(order, at, timeline.map(Timeline::reason).orElse(new Turn.Reason.AtOnce()));
    }

    private String subject() {
        return view.group().set().names().stream().map(HostName::value).collect(Collectors.joining(", "));
    }

    private void addPast() {
        timeline.ifPresent(it -> {
            int needs = keepsReserve() ? 2 : 1;
            for (GroupView.Order order : view.orders()) {
                if (view.standing(order) instanceof Standing.Has(Instant issued)) {
                    it.add(issued, needs);
                }
            }
            // After the standings: those decide what else was issued.
            view.otherIssues().forEach(time -> it.add(time, needs));
            view.pastRefusals().forEach(it::addRefusal);
            view.ranked().forEach(node -> setRefusal(node).ifPresent(it::addRefusal));
        });
    }

    /** Returns the refusal of an order because of the limit of this set. */
    private Optional<Refusal> setRefusal(HostName node) {
        return view.refusal(node).filter(refusal -> first.isEmpty() || !view.isOfNewSet(refusal));
    }

    private void planMissing() {
        List<GroupView.Order> missing = view.orders().stream()
                .filter(order -> view.standing(order) instanceof Standing.Missing)
                .toList();
        List<GroupView.Order> refused = refused(missing);
        refused.forEach(this::planRefused);
        Set<HostName> displaced = new HashSet<>();
        for (int i = 0; i < missing.size(); i++) {
            if (!refused.contains(missing.get(i))) {
                if (displaced.add(missing.get(i).node())) {
                    planDisplaced(missing.get(i).node());
                }
                planMissing(missing.get(i), i);
            }
        }
    }

    /**
     * Returns of each node that was refused, and has not been issued any since, its first order; the earliest first.
     */
    private List<GroupView.Order> refused(List<GroupView.Order> missing) {
        Map<HostName, GroupView.Order> refused = new LinkedHashMap<>();
        for (GroupView.Order order : missing) {
            if (view.pendingRefusal(order.node()).isPresent() && !isFirst(order)) {
                refused.putIfAbsent(order.node(), order);
            }
        }
        List<GroupView.Order> orders = new ArrayList<>(refused.values());
        orders.sort(Comparator.comparing(
                order -> view.refusal(order.node()).orElseThrow().until()));
        return orders;
    }

    /**
     * Plans the order that one which is in no plan has displaced. A refusal shows that there was such a one: the node
     * knew of a token. An order that was planned for an earlier time, and that nobody has seen, may have been refused
     * for the same reason; then it comes again.
     */
    private void planDisplaced(HostName node) {
        Optional<Refusal> refusal = Stream.concat(
                        setRefusal(node).stream(),
                        node.equals(view.node()) ? view.pastRefusals().stream() : Stream.empty())
                .filter(it -> it.at().isAfter(now.minus(REFUSAL_MEMORY)))
                .max(Comparator.comparing(Refusal::at));
        timeline.ifPresent(it ->
                refusal.filter(this::isAnyUnseenBefore).ifPresent(last -> it.add(it.findRefused(last.until()), 1)));
    }

    private boolean isAnyUnseenBefore(Refusal refusal) {
        return planned.values().stream().anyMatch(order -> !order.at().isAfter(refusal.at()));
    }

    private void planRefused(GroupView.Order order) {
        Instant at = findRefused(view.refusal(order.node()).orElseThrow().until(), order.node());
        Instant turn = at.isBefore(now) ? findRefused(now, order.node()) : at;
        plan(order, 1, at, turn(order, turn, new Turn.Reason.AfterRefusal()));
    }

    private Instant findRefused(Instant floor, HostName node) {
        Instant at = timeline.map(it -> it.findRefused(floor)).orElse(floor);
        return at.equals(now) ? at : ownMoment(at, node);
    }

    /**
     * Returns the first moment that belongs to this node alone. Several nodes that were refused come again at nearly
     * the same time, and each needs to see whether another one has just taken the token.
     */
    private Instant ownMoment(Instant at, HostName node) {
        List<HostName> nodes = view.group().nodes();
        if (nodes.size() == 1) {
            return at;
        }
        long each = share.toSeconds();
        long cycle = each * nodes.size();
        long offset = each * nodes.indexOf(node);
        long second = at.plusSeconds(1).minusNanos(1).getEpochSecond();
        return Instant.ofEpochSecond(second + Math.floorMod(offset - second, cycle));
    }

    /**
     * Returns how much later an order comes than the first of those that wait for a token. If two nodes wait for the
     * same one, because they have not seen the same, the first in the order of the file takes it, and the next can see
     * that.
     */
    private Duration afterOthers(int index) {
        return share.multipliedBy(index);
    }

    /**
     * Returns how much time is a node's own: with many nodes less, so that all come before those that wait for them.
     */
    private Duration share(Limit limit) {
        Duration most =
                limit.interval().dividedBy(MOMENTS_PART * view.group().nodes().size());
        Duration share = most.compareTo(TIME_TO_SEE) < 0 ? most : TIME_TO_SEE;
        return share.compareTo(Duration.ofSeconds(1)) > 0 ? share : Duration.ofSeconds(1);
    }

    /** If renewals count, one token is kept for a server that is rebuilt. Only such a server may take it. */
    private int needs(GroupView.Order order) {
        return keepsReserve() && !isRebuilt(order) ? 2 : 1;
    }

    private boolean keepsReserve() {
        return renewals == RenewalLimit.COUNTED
                && timeline.filter(it -> it.limit().capacity() > 1).isPresent();
    }

    /**
     * Whether all others had had theirs for a day when this one began to miss its own. In a first rollout, which may
     * take a day, they have not.
     */
    private boolean isRebuilt(GroupView.Order order) {
        Instant since = since(order);
        return view.orders().stream()
                .filter(other -> !other.equals(order))
                .allMatch(other -> view.standing(other) instanceof Standing.Has(Instant issued)
                        && issued.plus(ROLLOUT).isBefore(since));
    }

    private void planMissing(GroupView.Order order, int rank) {
        Instant from = from(order, rank);
        int needs = needs(order);
        Duration extra = afterOthers(view.orders().indexOf(order));
        Instant at = timeline.map(it -> it.find(from, from, needs, extra)).orElse(from);
        Instant earliest = earliest(order);
        Instant turn = at.isBefore(earliest)
                ? timeline.map(it -> it.find(from, earliest, needs, extra)).orElse(earliest)
                : at;
        Turn.Reason reason = turn.isAfter(from) && turn.isAfter(earliest)
                ? timeline.orElseThrow().reason()
                : first.map(it -> reasonToWait(order, it)).orElse(new Turn.Reason.AtOnce());
        plan(order, needs, at, turn(order, turn, reason));
    }

    /** Returns the earliest time that is still to come: later than now if there is no token for a new set. */
    private Instant earliest(GroupView.Order order) {
        return first.filter(_ -> isFirst(order))
                .map(FirstOrder::at)
                .filter(at -> at.isAfter(now))
                .orElse(now);
    }

    private Instant from(GroupView.Order order, int rank) {
        Instant from = withoutRefusal(order, rank);
        return setRefusal(order.node())
                .map(Refusal::until)
                .filter(until -> until.isAfter(from))
                .orElse(from);
    }

    private Instant withoutRefusal(GroupView.Order order, int rank) {
        Instant since = since(order);
        if (first.isEmpty()) {
            return since;
        }
        Instant after = rank == 0
                ? first.get().planned()
                : first.get().planned().plus(WAIT_FOR_FIRST).plus(STAGGER.multipliedBy(rank - 1L));
        return after.isAfter(since) ? after : since;
    }

    private Instant since(GroupView.Order order) {
        return view.standing(order) instanceof Standing.Missing(Instant since) ? since : now;
    }

    private boolean isFirst(GroupView.Order order) {
        return first.isPresent() && order.equals(view.orders().getFirst());
    }

    private Turn.Reason reasonToWait(GroupView.Order order, FirstOrder first) {
        return isFirst(order) || first.at().isAfter(now) ? first.reason() : new Turn.Reason.AfterFirst(first.node());
    }

    private void plan(GroupView.Order order, int needs, Instant at, Turn turn) {
        timeline.ifPresent(it -> it.add(at, needs));
        planned.put(order, new Planned(at, turn));
    }

    private Turn turn(GroupView.Order order, Instant at, Turn.Reason reason) {
        return at.isAfter(now)
                ? new Turn(order.node(), order.certificate(), at, reason)
                : new Turn(order.node(), order.certificate(), now, new Turn.Reason.AtOnce());
    }
}
