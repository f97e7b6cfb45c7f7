package org.ringcert.daemon;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.status.MatrixView;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.Flaw;
import org.ringcert.view.visitor.Matrix;
import org.ringcert.view.visitor.VisitorTarget;

/** Looks at every certificate of every site at every server, as fast as that is fair to them. */
public final class ClusterLook {

    private static final int MAX_AT_A_TIME = 32;

    /** A server may be small, and has visitors. */
    private static final int MAX_AT_A_TIME_FOR_EACH_SERVER = 4;

    /**
     * How many looks in a row may get no answer before the others at that server are spared. Each takes as long as the
     * timeout. A server that hangs does so for all sites.
     */
    private static final int MAX_SILENCES = 8;

    private final Configuration configuration;
    private final HostName self;
    private final Function<VisitorTarget, Cell> look;
    private final Duration timeout;
    private final Progress progress;

    /** Receives how far the looks have got, from several threads. */
    @FunctionalInterface
    public interface Progress {
        void looked(int done, int total);
    }

    /**
     * @param look looks at one target; thread-safe
     * @param timeout how long a look takes if the server does not answer
     */
    public ClusterLook(
            Configuration configuration,
            HostName self,
            Function<VisitorTarget, Cell> look,
            Duration timeout,
            Progress progress) {
        this.configuration = configuration;
        this.self = self;
        this.look = look;
        this.timeout = timeout;
        this.progress = progress;
    }

    /**
     * Looks at everything once. A server that does not answer several times in a row is not asked for its other sites,
     * whose cells then say the same.
     *
     * @throws InterruptedException if this thread is interrupted; the looks are then interrupted, too
     */
    public MatrixView run() throws InterruptedException {
        List<VisitorTarget> targets = VisitorViews.targets(configuration);
        Round round = new Round(targets.size());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<?>> workers = new ArrayList<>();
            targets.stream()
                    .collect(Collectors.groupingBy(VisitorTarget::node))
                    .values()
                    .forEach(ofOneServer -> {
                        ServerLooks looks = new ServerLooks(round, ofOneServer);
                        for (int i = 0; i < MAX_AT_A_TIME_FOR_EACH_SERVER; i++) {
                            workers.add(threads.submit(looks));
                        }
                    });
            for (Future<?> worker : workers) {
                await(worker);
            }
        } finally {
            threads.shutdownNow();
        }
        return MatrixView.of(
                self, VisitorViews.rows(configuration), VisitorViews.nodes(configuration), round.matrix::cell);
    }

    private static void await(Future<?> worker) throws InterruptedException {
        try {
            worker.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a look failed", e.getCause());
        }
    }

    /** @param isSilence whether the server gave no answer */
    private record Sighting(Cell cell, boolean isSilence) {}

    /** What all looks of one round share. Thread-safe. */
    private final class Round {

        private final int total;
        private final Matrix matrix = new Matrix();
        private final AtomicInteger done = new AtomicInteger();
        private final Semaphore slots = new Semaphore(MAX_AT_A_TIME);

        Round(int total) {
            this.total = total;
        }

        /** Returns what a look saw, and whether it got no answer. */
        Sighting look(VisitorTarget target) throws InterruptedException {
            slots.acquire();
            try {
                long start = System.nanoTime();
                Cell cell = look.apply(target);
                boolean isTimeout = System.nanoTime() - start >= timeout.toNanos();
                return new Sighting(cell, cell.certificate().isEmpty() && (isTimeout || isUnreachable(cell)));
            } finally {
                slots.release();
            }
        }

        private static boolean isUnreachable(Cell cell) {
            return cell.flaws().stream().anyMatch(flaw -> flaw.kind() == Flaw.Kind.UNREACHABLE);
        }

        void put(Cell cell) {
            matrix.put(cell);
            progress.looked(done.incrementAndGet(), total);
        }
    }

    /** The looks at one server. Several threads run this, and share the targets. */
    private static final class ServerLooks implements Runnable {

        private final Round round;
        private final List<VisitorTarget> targets;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger silences = new AtomicInteger();

        ServerLooks(Round round, List<VisitorTarget> targets) {
            this.round = round;
            this.targets = targets;
        }

        @Override
        public void run() {
            Optional<Cell> silence = Optional.empty();
            try {
                for (int index = next.getAndIncrement(); index < targets.size(); index = next.getAndIncrement()) {
                    VisitorTarget target = targets.get(index);
                    boolean isSpared = silence.isPresent() && silences.get() >= MAX_SILENCES;
                    Sighting sighting = isSpared ? same(silence.get(), target) : round.look(target);
                    if (sighting.isSilence()) {
                        silences.incrementAndGet();
                        silence = Optional.of(sighting.cell());
                    } else {
                        silences.set(0);
                    }
                    round.put(sighting.cell());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static Sighting same(Cell silence, VisitorTarget target) {
            return new Sighting(new Cell(target.key(), Optional.empty(), silence.flaws(), silence.seen()), true);
        }
    }
}
