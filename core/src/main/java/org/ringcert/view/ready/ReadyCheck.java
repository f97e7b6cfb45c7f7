package org.ringcert.view.ready;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.http.HostResolver;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.view.ca.Walk;
import org.ringcert.view.ca.Walker;
import org.ringcert.view.ready.Readiness.Reason;
import org.ringcert.view.visitor.Cell;

/**
 * Finds out whether a site may move to a server now. For each name of the site, looks at what visitors get there, and
 * performs a validation as if the name already led there. The validation must find an answer that this server has
 * published, so it also proves that the other server hands over what it does not have.
 *
 * <p>The DNS of the site's names does not matter, because the move is yet to come. Nor does it matter whether CAs would
 * use the address at which peers reach the server: it may be a private one.
 *
 * <p>Thread-safe. Keeps nothing.
 */
public final class ReadyCheck {

    /** After this time the answer is given, whatever has been seen. A second validation would not make it better. */
    public static final Duration TIME_LIMIT = Duration.ofSeconds(5);

    /** Of {@link #TIME_LIMIT}, for the address of the server. */
    private static final Duration RESOLVER_TIMEOUT = Duration.ofSeconds(1);

    /** What is kept free at the end, so that validations end with a verdict before they are given up. */
    private static final Duration MARGIN = Duration.ofMillis(200);

    private static final int MAX_ADDRESSES = 4;

    /** A certificate may have a hundred names. The server must not take the looks for an attack. */
    private static final int MAX_LOOKS_AT_A_TIME = 16;

    private final Node self;
    private final VisitorLook visitors;
    private final Walker walker;
    private final HostResolver resolver;
    private final InstantSource clock;

    /**
     * @param self this server
     * @param walker starts at the port of the target's front
     * @param resolver resolves the addresses of servers
     */
    public ReadyCheck(Node self, VisitorLook visitors, Walker walker, HostResolver resolver, InstantSource clock) {
        this.self = self;
        this.visitors = visitors;
        this.walker = walker;
        this.resolver = resolver;
        this.clock = clock;
    }

    /**
     * Looks. Blocks for a little more than {@link #TIME_LIMIT} at most.
     *
     * @param probe what this server has published
     * @param minRemaining how long certificates must still be valid
     * @throws InterruptedException if this thread is interrupted
     */
    public Readiness check(ReadyTarget target, KeyAuthorization probe, Duration minRemaining)
            throws InterruptedException {
        Run run = new Run(target, probe, minRemaining, System.nanoTime() + TIME_LIMIT.toNanos());
        return new Readiness(target.site().name(), target.node().name(), run.reasons());
    }

    /** A visitor who accepts one kind of key. */
    private record Visit(HostName name, Optional<KeyAlgorithm> kind) {}

    /** A validation that enters at one address. */
    private record Entrance(HostName name, InetAddress address) {}

    private final class Run {

        private final ReadyTarget target;
        private final KeyAuthorization probe;
        private final Duration minRemaining;
        private final long deadlineNanos;
        private final Semaphore slots = new Semaphore(MAX_LOOKS_AT_A_TIME);

        Run(ReadyTarget target, KeyAuthorization probe, Duration minRemaining, long deadlineNanos) {
            this.target = target;
            this.probe = probe;
            this.minRemaining = minRemaining;
            this.deadlineNanos = deadlineNanos;
        }

        List<Reason> reasons() throws InterruptedException {
            List<Visit> visits = target.site().names().stream()
                    .flatMap(name -> target.kinds().stream().map(kind -> new Visit(name, kind)))
                    .toList();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Cell>> cells = new ArrayList<>();
                visits.forEach(visit -> cells.add(threads.submit(
                        () -> inSlot(() -> visitors.look(target.visit(visit.kind()), visit.name())))));
                List<InetAddress> addresses = addresses();
                List<Entrance> entrances = target.site().names().stream()
                        .flatMap(name -> addresses.stream().map(address -> new Entrance(name, address)))
                        .toList();
                List<Future<Walk>> walks = new ArrayList<>();
                entrances.forEach(entrance -> walks.add(threads.submit(() -> inSlot(() -> walk(entrance)))));
                try {
                    List<Reason> reasons = new ArrayList<>(visitorReasons(visits, cells));
                    reasons.addAll(entryReasons(entrances, walks));
                    return reasons;
                } finally {
                    threads.shutdownNow();
                }
            }
        }

        private <T> T inSlot(Callable<T> look) throws Exception {
            slots.acquire();
            try {
                return look.call();
            } finally {
                slots.release();
            }
        }

        private List<InetAddress> addresses() {
            try {
                return resolver.resolve(target.node().address(), target.node().port(), RESOLVER_TIMEOUT).stream()
                        .map(InetSocketAddress::getAddress)
                        .limit(MAX_ADDRESSES)
                        .toList();
            } catch (IOException e) {
                return List.of();
            }
        }

        private Walk walk(Entrance entrance) {
            Duration timeout = remaining().minus(MARGIN);
            return walker.walkAtServer(
                    entrance.name(),
                    Set.copyOf(target.site().names()),
                    entrance.address(),
                    probe,
                    timeout.isNegative() ? Duration.ZERO : timeout);
        }

        private Duration remaining() {
            return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
        }

        private List<Reason> visitorReasons(List<Visit> visits, List<Future<Cell>> cells) throws InterruptedException {
            VisitorJudge judge = new VisitorJudge(target.node().name(), clock.instant(), minRemaining);
            List<NameFinding> findings = new ArrayList<>();
            for (int i = 0; i < visits.size(); i++) {
                Visit visit = visits.get(i);
                Optional<Cell> cell = await(cells.get(i));
                findings.addAll(
                        cell.isPresent()
                                ? judge.judge(visit.name(), visit.kind(), cell.get())
                                : List.of(judge.unseen(visit.name(), visit.kind())));
            }
            return NameFinding.summarize(findings);
        }

        private List<Reason> entryReasons(List<Entrance> entrances, List<Future<Walk>> walks)
                throws InterruptedException {
            EntryJudge judge = new EntryJudge(target.node(), self);
            Map<HostName, Map<InetAddress, Walk>> ended = new LinkedHashMap<>();
            target.site().names().forEach(name -> ended.put(name, new LinkedHashMap<>()));
            for (int i = 0; i < entrances.size(); i++) {
                Entrance entrance = entrances.get(i);
                await(walks.get(i))
                        .ifPresent(walk -> ended.computeIfAbsent(entrance.name(), _ -> new LinkedHashMap<>())
                                .put(entrance.address(), walk));
            }
            List<NameFinding> findings = new ArrayList<>();
            ended.forEach((name, ofName) -> findings.addAll(
                    entrances.isEmpty() ? List.of(judge.withoutAddress(name)) : judge.judge(name, ofName)));
            return NameFinding.summarize(findings);
        }

        /** Returns what came of a look; empty if it did not end in time. */
        private <T> Optional<T> await(Future<T> look) throws InterruptedException {
            try {
                return Optional.of(look.get(remaining().toNanos(), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                return Optional.empty();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a look failed", e.getCause());
            }
        }
    }
}
