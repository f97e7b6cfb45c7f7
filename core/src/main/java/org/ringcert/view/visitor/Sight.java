package org.ringcert.view.visitor;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.handoff.PeerClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node last saw of the cluster, and looks on demand. Everything has an age: the time since {@link Cell#seen}.
 * {@link SightLoop} keeps it recent. Kept in memory. Thread-safe.
 */
public final class Sight {

    /** The greatest age of what {@link #ownCells} returns. */
    public static final Duration MAX_OWN_AGE = Duration.ofSeconds(10);

    /** How long a site counts as asked about, and the cluster as watched. */
    private static final Duration ATTENTION = Duration.ofMinutes(5);

    private static final Duration WATCHED = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(Sight.class);

    private final InstantSource clock;
    private final Executor executor;
    private final Matrix matrix = new Matrix();
    private final Map<CellKey, CompletableFuture<Cell>> active = new ConcurrentHashMap<>();
    private final Map<HostName, PeerSight> peerSights = new ConcurrentHashMap<>();
    private final Set<HostName> activePeers = ConcurrentHashMap.newKeySet();

    /** When somebody last asked about a site. */
    private final Map<HostName, Instant> asked = new ConcurrentHashMap<>();

    private final AtomicBoolean hasReportedBug = new AtomicBoolean();
    private volatile Optional<Instant> watched = Optional.empty();
    private volatile Scope scope;

    /** Looks at one certificate of a site at one server. Blocks, never fails, and may be called by many threads. */
    @FunctionalInterface
    public interface Look {
        Cell look(VisitorTarget target);
    }

    private record Scope(SightTargets targets, Look look, PeerClient client) {}

    /** Creates a sight that looks on virtual threads. */
    public Sight(SightTargets targets, Look look, PeerClient client, InstantSource clock) {
        this(
                targets,
                look,
                client,
                clock,
                task -> Thread.ofVirtual().name("look").start(task));
    }

    /** @param executor runs the looks */
    Sight(SightTargets targets, Look look, PeerClient client, InstantSource clock, Executor executor) {
        this.scope = new Scope(targets, look, client);
        this.clock = clock;
        this.executor = executor;
    }

    /**
     * Replaces the targets, and how they are looked at. What was seen of targets that stay is kept; the rest is
     * forgotten. A look that is in progress ends for those who wait for it, but nobody joins it any more.
     */
    public synchronized void retarget(SightTargets next, Look look, PeerClient client) {
        Scope previous = scope;
        scope = new Scope(next, look, client);
        active.clear();
        forgetExcept(previous.targets().own(), next.own());
        forgetExcept(previous.targets().ofPeers(), next.ofPeers());
        List<HostName> unchangedPeers = previous.targets().peers().stream()
                .filter(next.peers()::contains)
                .map(Node::name)
                .toList();
        peerSights.keySet().retainAll(unchangedPeers);
        asked.keySet().removeIf(site -> next.own(site).isEmpty());
    }

    private void forgetExcept(List<VisitorTarget> previous, List<VisitorTarget> next) {
        Set<VisitorTarget> kept = new HashSet<>(next);
        previous.stream().filter(target -> !kept.contains(target)).forEach(target -> matrix.remove(target.key()));
    }

    public SightTargets targets() {
        return scope.targets();
    }

    /** Returns the latest cells. */
    public Matrix matrix() {
        return matrix;
    }

    /** Returns what was last seen of each peer's port 80, in ring order. */
    public List<PeerSight> peers() {
        return targets().peers().stream().map(this::peerSight).toList();
    }

    private PeerSight peerSight(Node peer) {
        return peerSights.getOrDefault(peer.name(), PeerSight.notAsked(peer));
    }

    /**
     * Returns what this node's own server presents for a site, at most {@link #MAX_OWN_AGE} old. For the next minutes,
     * the loop keeps it so recent that the next call need not look. Blocks if it has to look.
     *
     * @param site the first of its names
     * @return one cell for each kind of key; empty if the site is not among the targets
     */
    public List<Cell> ownCells(HostName site) throws InterruptedException {
        List<VisitorTarget> targets = targets().own(site);
        if (!targets.isEmpty()) {
            asked.put(site, clock.instant());
        }
        return cells(targets, MAX_OWN_AGE);
    }

    /**
     * Returns the cells of these targets, in their order. Those that are older are looked at, all at the same time.
     * Callers that need the same cell share one look.
     */
    public List<Cell> cells(List<VisitorTarget> targets, Duration maxAge) throws InterruptedException {
        List<CompletableFuture<Cell>> pending = new ArrayList<>();
        for (VisitorTarget target : targets) {
            pending.add(latest(target)
                    .filter(cell -> !isOlder(cell.seen(), maxAge))
                    .map(CompletableFuture::completedFuture)
                    .orElseGet(() -> start(target)));
        }
        List<Cell> cells = new ArrayList<>();
        for (CompletableFuture<Cell> cell : pending) {
            cells.add(await(cell));
        }
        return cells;
    }

    private static Cell await(CompletableFuture<Cell> cell) throws InterruptedException {
        try {
            return cell.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a look failed", e.getCause());
        }
    }

    /** Keeps what was seen recent for the next minute, because somebody is watching. */
    public void watch() {
        watched = Optional.of(clock.instant());
    }

    /**
     * Looks at a site of this node's own server again, because what it presents may have changed. If a look is in
     * progress, which may have come before the change, another one follows. Does not block.
     */
    public void refreshOwn(HostName site) {
        targets().own(site).forEach(this::lookAgain);
    }

    private void lookAgain(VisitorTarget target) {
        CompletableFuture<Cell> inProgress = active.get(target.key());
        if (inProgress == null) {
            refresh(target);
        } else {
            CompletableFuture<Cell> _ = inProgress.whenComplete((_, _) -> refresh(target));
        }
    }

    boolean isWatched() {
        return watched.filter(since -> !isOlder(since, WATCHED)).isPresent();
    }

    boolean isAsked(HostName site) {
        Instant since = asked.get(site);
        return since != null && !isOlder(since, ATTENTION);
    }

    boolean isAnythingAsked() {
        asked.values().removeIf(since -> isOlder(since, ATTENTION));
        return !asked.isEmpty();
    }

    Optional<Cell> latest(VisitorTarget target) {
        return matrix.cell(target.key());
    }

    boolean isActive(VisitorTarget target) {
        return active.containsKey(target.key());
    }

    boolean isActive(Node peer) {
        return activePeers.contains(peer.name());
    }

    /** Returns whether something was longer ago. What is in the future was seen before the clock was corrected. */
    boolean isOlder(Instant moment, Duration maxAge) {
        Duration age = Duration.between(moment, clock.instant());
        return age.isNegative() || age.compareTo(maxAge) > 0;
    }

    /** Starts a look, unless one is in progress already. */
    void refresh(VisitorTarget target) {
        CompletableFuture<Cell> _ = start(target);
    }

    /** Starts a look, unless one is in progress already. Returns its result. */
    private CompletableFuture<Cell> start(VisitorTarget target) {
        CompletableFuture<Cell> result = new CompletableFuture<>();
        CompletableFuture<Cell> inProgress = active.putIfAbsent(target.key(), result);
        if (inProgress != null) {
            return inProgress;
        }
        // Not on the caller's thread: whoever interrupts that must not end a look that others share.
        Scope scopeAtStart = scope;
        executor.execute(() -> lookAt(target, scopeAtStart, result));
        return result;
    }

    private void lookAt(VisitorTarget target, Scope scopeAtStart, CompletableFuture<Cell> result) {
        try {
            Cell cell = scopeAtStart.look().look(target);
            publish(cell, target, scopeAtStart);
            active.remove(target.key(), result);
            result.complete(cell);
        } catch (RuntimeException | Error e) {
            active.remove(target.key(), result);
            result.completeExceptionally(e);
            if (hasReportedBug.compareAndSet(false, true)) {
                log.error("a look at {} failed; this is a bug in Ringcert", target.node(), e);
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // to compare thousands of targets after each look would take longer than it
    private synchronized void publish(Cell cell, VisitorTarget target, Scope scopeAtStart) {
        if (scope == scopeAtStart || isTarget(target)) {
            matrix.put(cell);
        }
    }

    /** Returns whether the target is still one, after the targets have changed. */
    private boolean isTarget(VisitorTarget target) {
        SightTargets targets = targets();
        return targets.own(target.site().name()).contains(target)
                || targets.ofPeers().contains(target);
    }

    /** Starts to ask a peer's port 80. */
    void startAsking(Node peer) {
        if (activePeers.add(peer.name())) {
            PeerClient client = scope.client();
            executor.execute(() -> ask(peer, client));
        }
    }

    // One lost packet must not make a peer silent.
    private static boolean isUpWithinTwoAttempts(PeerClient client, Node peer) {
        boolean isUp = client.isUp(peer);
        return isUp || client.isUp(peer);
    }

    private void ask(Node peer, PeerClient client) {
        try {
            boolean isUp = isUpWithinTwoAttempts(client, peer);
            publish(peer, isUp);
        } finally {
            activePeers.remove(peer.name());
        }
    }

    private synchronized void publish(Node peer, boolean isUp) {
        if (targets().peers().contains(peer)) {
            PeerSight previous = peerSight(peer);
            Instant now = clock.instant();
            peerSights.put(peer.name(), isUp ? previous.answered(now) : previous.silent(now));
        }
    }
}
