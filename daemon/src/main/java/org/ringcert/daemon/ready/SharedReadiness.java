package org.ringcert.daemon.ready;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.ringcert.view.ready.Readiness;

/**
 * Answers questions by looks, but never by so many that a script in a loop is a burden to the other servers. Whoever
 * asks while others wait for the same answer, or within a second of the look that made it, gets that one. Thread-safe.
 */
public final class SharedReadiness {

    /** A look reaches every name of a site at one server. */
    private static final int MAX_LOOKS_AT_A_TIME = 4;

    /** Different questions whose looks have not ended. */
    private static final int MAX_PENDING = 16;

    /** From the start of a look. */
    private static final long LIFETIME_NANOS = Duration.ofSeconds(1).toNanos();

    private final Looks looks;
    private final Semaphore slots = new Semaphore(MAX_LOOKS_AT_A_TIME);
    private final Map<ReadyQuestion, Look> latest = new HashMap<>();

    public SharedReadiness(Looks looks) {
        this.looks = looks;
    }

    /** Answers a question by new looks, and blocks meanwhile. Called on a thread that nobody else interrupts. */
    @FunctionalInterface
    public interface Looks {
        Readiness look(ReadyQuestion question) throws InterruptedException;
    }

    /** Thrown if too many different questions are being answered. */
    public static final class BusyException extends Exception {

        private static final long serialVersionUID = 1;

        BusyException() {
            super("too many looks are in progress; ask again in a few seconds");
        }
    }

    private record Look(FutureTask<Readiness> task, long startNanos) {

        boolean isPending() {
            return !task.isDone();
        }

        boolean isReusable() {
            return isPending()
                    || (task.state() == Future.State.SUCCESS && System.nanoTime() - startNanos < LIFETIME_NANOS);
        }
    }

    /**
     * Answers a question.
     *
     * @throws BusyException if too many different questions are being answered
     * @throws InterruptedException if this thread is interrupted; the look goes on for others
     */
    public Readiness answer(ReadyQuestion question) throws BusyException, InterruptedException {
        try {
            return find(question).task().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a look failed", e.getCause());
        }
    }

    private synchronized Look find(ReadyQuestion question) throws BusyException {
        latest.values().removeIf(look -> !look.isReusable());
        Look shared = latest.get(question);
        if (shared != null) {
            return shared;
        }
        if (latest.values().stream().filter(Look::isPending).count() >= MAX_PENDING) {
            throw new BusyException();
        }
        Look started = new Look(new FutureTask<>(() -> lookInTurn(question)), System.nanoTime());
        latest.put(question, started);
        Thread.ofVirtual().name("ready").start(started.task());
        return started;
    }

    private Readiness lookInTurn(ReadyQuestion question) throws InterruptedException {
        slots.acquire();
        try {
            return looks.look(question);
        } finally {
            slots.release();
        }
    }
}
