package org.ringcert.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;

/** Nodes that order by their own calendars what they lack, each seeing only some of the others. */
final class ModelCluster {

    private static final Duration LOOK = Duration.ofHours(6);
    private static final Duration LOOK_FOR_FIRST = Duration.ofMinutes(1);

    private final Scenario scenario;
    private final ModelCa ca;
    private final Map<Order, List<Instant>> issued = new HashMap<>();
    private final Map<Order, Instant> first = new HashMap<>();
    private final Map<HostName, View> views = new HashMap<>();
    private final List<Refused> refusals = new ArrayList<>();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparing(Event::at).thenComparingInt(Event::number));
    private int number;
    private Instant now = Instant.MIN;

    record Order(HostName node, CertificateName certificate) {}

    record Refused(Order order, NameSet set, Instant at) {}

    record Forced(Instant at, Order order) {}

    private record Event(Instant at, int number, Runnable action) {}

    /** Whether a node sees a peer at some time. */
    interface Sight {
        boolean sees(HostName node, HostName peer, Instant at);
    }

    /**
     * @param starts when each node begins to lack its certificates
     * @param remembers whether a node remembers what it has seen
     */
    record Scenario(
            Layout layout,
            Limits limits,
            RegisteredDomains domains,
            RenewalLimit renewals,
            Map<HostName, HostName> leaders,
            Map<HostName, Instant> starts,
            List<Forced> forced,
            Sight sight,
            boolean remembers,
            long seed) {

        Scenario withFullSight() {
            return new Scenario(
                    layout, limits, domains, renewals, leaders, starts, forced, (_, _, _) -> true, true, seed);
        }
    }

    ModelCluster(Scenario scenario) {
        this.scenario = scenario;
        this.ca = new ModelCa(scenario.limits(), scenario.domains(), new Random(scenario.seed()));
    }

    /** Runs until all have what they lack. */
    ModelCluster run() {
        scenario.starts().forEach((node, start) -> {
            views.put(node, new View(node));
            for (PlannedSite site : scenario.layout().sites()) {
                for (CertificateName certificate : site.certificates()) {
                    Order order = new Order(node, certificate);
                    at(start, () -> decide(order));
                }
            }
        });
        scenario.forced().forEach(forced -> at(forced.at(), () -> force(forced)));
        int steps = 0;
        while (!events.isEmpty()) {
            if (steps++ > 3_000_000) {
                throw new AssertionError("no end");
            }
            events.poll().action().run();
        }
        return this;
    }

    Map<Order, Instant> first() {
        return first;
    }

    List<Refused> refusals() {
        return refusals;
    }

    private void at(Instant time, Runnable action) {
        events.add(new Event(time, number++, () -> {
            now = time;
            action.run();
        }));
    }

    private void decide(Order order) {
        if (issued.containsKey(order)) {
            return;
        }
        View view = Objects.requireNonNull(views.get(order.node()));
        Optional<Turn> turn = calendar(view).turn(order.node(), order.certificate());
        Instant at = turn.orElseThrow().at();
        if (!at.isAfter(now)) {
            order(order, view);
            return;
        }
        Instant look = now.plus(pause(turn.get()));
        at(look.isBefore(at) ? look : at, () -> decide(order));
    }

    private Duration pause(Turn turn) {
        if (turn.reason() instanceof Turn.Reason.AfterFirst) {
            return LOOK_FOR_FIRST;
        }
        Duration part = Duration.between(now, turn.at()).dividedBy(3);
        return part.compareTo(LOOK) > 0 ? part : LOOK;
    }

    private void order(Order order, View view) {
        NameSet set = set(order);
        Optional<Refusal> refusal = ca.order(order.node(), set, now);
        if (refusal.isPresent()) {
            refusals.add(new Refused(order, set, now));
            view.refusals.put(set, refusal.get());
            at(now.plusSeconds(1), () -> decide(order));
            return;
        }
        issued.computeIfAbsent(order, _ -> new ArrayList<>()).add(now);
        first.putIfAbsent(order, now);
    }

    private void force(Forced forced) {
        if (now.isBefore(scenario.starts().get(forced.order().node()))) {
            return;
        }
        if (ca.order(forced.order().node(), set(forced.order()), now).isEmpty()) {
            issued.computeIfAbsent(forced.order(), _ -> new ArrayList<>()).add(now);
            first.putIfAbsent(forced.order(), now);
        }
    }

    private NameSet set(Order order) {
        int node = scenario.layout().nodes().indexOf(order.node());
        return scenario.layout().sites().stream()
                .filter(site -> site.name().equals(order.certificate().site()))
                .findFirst()
                .orElseThrow()
                .sets()
                .get(node);
    }

    private Calendar calendar(Knowledge view) {
        return new Calendar(scenario.layout(), scenario.limits(), scenario.domains(), scenario.renewals(), view, now);
    }

    /** What a node sees and remembers. */
    private final class View implements Knowledge {

        private final HostName node;
        private final Map<Order, Instant> missed = new HashMap<>();
        private final Map<Order, Instant> seen = new HashMap<>();
        private final Map<NameSet, Set<Instant>> seenOfSet = new HashMap<>();
        private final Map<NameSet, Refusal> refusals = new HashMap<>();

        View(HostName node) {
            this.node = node;
        }

        @Override
        public HostName node() {
            return node;
        }

        @Override
        public Optional<HostName> leader(HostName site) {
            return Optional.ofNullable(scenario.leaders().get(site));
        }

        @Override
        public Standing standing(HostName peer, CertificateName certificate) {
            Order order = new Order(peer, certificate);
            List<Instant> times = issued.getOrDefault(order, List.of());
            if (!times.isEmpty() && (peer.equals(node) || scenario.sight().sees(node, peer, now))) {
                seen.put(order, times.getLast());
                seenOfSet.computeIfAbsent(set(order), _ -> new HashSet<>()).add(times.getLast());
                return new Standing.Has(times.getLast());
            }
            if (scenario.remembers() && seen.containsKey(order)) {
                return new Standing.Has(seen.get(order));
            }
            return new Standing.Missing(missed.computeIfAbsent(order, _ -> now));
        }

        @Override
        public Optional<Refusal> refusal(HostName peer, NameSet set) {
            return peer.equals(node) ? Optional.ofNullable(refusals.get(set)) : Optional.empty();
        }

        @Override
        public List<Instant> otherIssues(NameSet set) {
            if (!scenario.remembers()) {
                return List.of();
            }
            Set<Instant> others = new HashSet<>(seenOfSet.getOrDefault(set, Set.of()));
            seen.values().forEach(others::remove);
            return List.copyOf(others);
        }
    }
}
