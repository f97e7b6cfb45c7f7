package org.ringcert.view.ca;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tries to connect to those addresses of redirect targets to which a walk sends no request, while the walk goes on. A
 * CA may choose any of them. Used by one thread.
 */
final class OtherAddresses {

    /** For all redirects of a walk together. */
    private static final int MAX_CONNECTIONS = 8;

    private record Attempt(Problems.At at, Deadline fair, FutureTask<Optional<Problem>> task, Thread thread) {}

    private final List<Attempt> attempts = new ArrayList<>();
    private final Reach reach;
    private final Deadline deadline;

    OtherAddresses(Reach reach, Deadline deadline) {
        this.reach = reach;
        this.deadline = deadline;
    }

    void tryToConnect(Target target, List<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            if (attempts.size() < MAX_CONNECTIONS
                    && reach.refusal(address, target.effectivePort()).isEmpty()) {
                Problems.At at = new Problems.At(target, address);
                FutureTask<Optional<Problem>> task = new FutureTask<>(() -> connect(at));
                Deadline fair = Deadline.after(Deadline.FAIR_TIME);
                attempts.add(new Attempt(at, fair, task, Thread.ofVirtual().start(task)));
            }
        }
    }

    /** Connects without a timeout of its own: the end of the walk interrupts it. */
    private static Optional<Problem> connect(Problems.At at) {
        InetSocketAddress to = at.socketAddress();
        try (Socket socket = new Socket()) {
            socket.connect(to);
            return Optional.empty();
        } catch (ConnectException e) {
            return Exchange.hasRoute(to) ? Optional.of(Problems.connectionRefused(at)) : Optional.empty();
        } catch (IOException e) {
            return Exchange.hasRoute(to) ? Optional.of(Problems.connectTimeout(at)) : Optional.empty();
        }
    }

    /**
     * Waits until each attempt has had enough time, ends the attempts, and returns a warning for each address that did
     * not work.
     */
    List<Problem> finish() throws InterruptedException {
        List<Problem> warnings = new ArrayList<>();
        try {
            for (Attempt attempt : attempts) {
                awaitProblem(attempt)
                        .ifPresent(problem -> warnings.add(TargetProblems.otherAddressFails(
                                attempt.at().target().host().text(), problem)));
            }
            return warnings;
        } finally {
            attempts.forEach(attempt -> attempt.thread().interrupt());
        }
    }

    private Optional<Problem> awaitProblem(Attempt attempt) throws InterruptedException {
        Duration fair = attempt.fair().remaining();
        Duration wait = fair.compareTo(deadline.remaining()) < 0 ? fair : deadline.remaining();
        try {
            return attempt.task().get(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return attempt.fair().hasPassed() ? Optional.of(Problems.connectTimeout(attempt.at())) : Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an attempt to connect failed", e.getCause());
        }
    }
}
