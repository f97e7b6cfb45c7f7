package org.ringcert.daemon.turn;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.ringcert.cluster.HostName;
import org.ringcert.view.visitor.CellKey;
import org.ringcert.view.visitor.TlsObservation;
import org.ringcert.view.visitor.VisitorTarget;

/**
 * Looks at the certificates that peers present, when something has to be decided. What was just seen is not looked at
 * again, and a server that did not answer is not asked for its other sites in the next minute, so that a dead one costs
 * one timeout. After that, it is forgotten. Thread-safe.
 */
public final class PeerLooks {

    /** Less than the minute between two looks at the node that orders first. */
    private static final Duration MAX_AGE = Duration.ofSeconds(50);

    private static final int MAX_CONCURRENT = 64;

    private final Function<VisitorTarget, TlsObservation> look;
    private final InstantSource clock;
    private final Semaphore slots = new Semaphore(MAX_CONCURRENT);
    private final Map<CellKey, SeenCertificate> seen = new ConcurrentHashMap<>();
    private final Map<HostName, Instant> unreachable = new ConcurrentHashMap<>();

    /** @param look makes one look with a timeout of its own; never fails */
    public PeerLooks(Function<VisitorTarget, TlsObservation> look, InstantSource clock) {
        this.look = look;
        this.clock = clock;
    }

    /**
     * Returns what the servers present, in the order of the targets. Looks at many at a time. If the thread is
     * interrupted, the rest counts as unreachable, and the interrupt is preserved.
     */
    List<SeenCertificate> look(List<VisitorTarget> targets) {
        List<Future<SeenCertificate>> looks = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (VisitorTarget target : targets) {
                Callable<SeenCertificate> task = () -> lookInSlot(target);
                looks.add(threads.submit(task));
            }
            awaitAll(looks);
        }
        seen.values().removeIf(earlier -> !isRecent(earlier.at()));
        unreachable.values().removeIf(moment -> !isRecent(moment));
        Instant now = clock.instant();
        return looks.stream()
                .map(each -> each.state() == Future.State.SUCCESS ? each.resultNow() : SeenCertificate.unreachable(now))
                .toList();
    }

    /** Ends the looks if the thread is interrupted: closing their executor would wait for them. */
    private static void awaitAll(List<Future<SeenCertificate>> looks) {
        try {
            for (Future<SeenCertificate> each : looks) {
                SeenCertificate _ = each.get();
            }
        } catch (InterruptedException e) {
            looks.forEach(each -> each.cancel(true));
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a look failed", e.getCause());
        }
    }

    /** Returns how many looks are remembered. */
    int remembered() {
        return seen.size() + unreachable.size();
    }

    private SeenCertificate lookInSlot(VisitorTarget target) throws InterruptedException {
        slots.acquire();
        try {
            SeenCertificate latest = seen.get(target.key());
            if (latest != null && isRecent(latest.at())) {
                return latest;
            }
            Instant silentSince = unreachable.get(target.node());
            if (silentSince != null && isRecent(silentSince)) {
                return SeenCertificate.unreachable(silentSince);
            }
            SeenCertificate current = seen(target, look.apply(target));
            if (!Thread.currentThread().isInterrupted()) {
                remember(target, current);
            }
            return current;
        } finally {
            slots.release();
        }
    }

    private void remember(VisitorTarget target, SeenCertificate current) {
        seen.put(target.key(), current);
        if (current.isReachable()) {
            unreachable.remove(target.node());
        } else {
            unreachable.put(target.node(), current.at());
        }
    }

    /** Returns whether a look need not be repeated. One from the future was made before the clock was corrected. */
    private boolean isRecent(Instant moment) {
        Duration age = Duration.between(moment, clock.instant());
        return !age.isNegative() && age.compareTo(MAX_AGE) <= 0;
    }

    private SeenCertificate seen(VisitorTarget target, TlsObservation observation) {
        Instant now = clock.instant();
        return switch (observation) {
            case TlsObservation.Served served ->
                new SeenCertificate(Optional.of(served.leaf()).filter(leaf -> isOfKind(target, leaf)), true, now);
            case TlsObservation.NoCertificate none ->
                new SeenCertificate(Optional.empty(), none.obstacle() == TlsObservation.Obstacle.HANDSHAKE_FAILED, now);
        };
    }

    private static boolean isOfKind(VisitorTarget target, X509Certificate leaf) {
        return target.kind()
                .filter(kind -> !leaf.getPublicKey().getAlgorithm().equals(kind.name()))
                .isEmpty();
    }
}
