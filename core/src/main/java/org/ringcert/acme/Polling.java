package org.ringcert.acme;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.ringcert.acme.AcmeException.Kind;

/**
 * Polls a resource until it reaches a wanted state (RFC 8555, sections 7.4 and 7.5.1). The interval is what the CA asks
 * for with Retry-After. Without that header, polling is frequent at first, since most CAs finish within a second or
 * two, and then slows down.
 */
record Polling(Sleeper sleeper, Deadline deadline) {

    private static final Duration FIRST_INTERVAL = Duration.ofMillis(100);
    private static final Duration MAX_EARLY_INTERVAL = Duration.ofMillis(250);

    /** A resource at one moment, and when the CA wants the next request for it. */
    record Snapshot<T>(T value, Optional<Duration> retryAfter) {}

    /** Fetches the resource. */
    interface Fetch<T> {
        Snapshot<T> get() throws AcmeException;
    }

    /** Gives the CA a moment before the first poll. */
    void initialPause(String awaited) throws AcmeException {
        sleep(FIRST_INTERVAL, awaited);
    }

    /**
     * Returns the resource as soon as it is done.
     *
     * @param state describes what is awaited and its current state, for the error message
     * @throws AcmeException of kind {@link Kind#UNREACHABLE} if the deadline passes first, or if the CA asks for a wait
     *     beyond the deadline
     */
    <T> T until(Predicate<T> done, Snapshot<T> first, Fetch<T> fetch, Function<T, String> state) throws AcmeException {
        return until(done, first, fetch, state, _ -> Optional.empty());
    }

    /**
     * As the other method.
     *
     * @param problem returns what the CA says is wrong with the resource in its current state; becomes part of the
     *     exception
     */
    <T> T until(
            Predicate<T> done,
            Snapshot<T> first,
            Fetch<T> fetch,
            Function<T, String> state,
            Function<T, Optional<ProblemDocument>> problem)
            throws AcmeException {
        Snapshot<T> snapshot = first;
        Duration interval = FIRST_INTERVAL;
        while (!done.test(snapshot.value())) {
            Duration wait = snapshot.retryAfter().orElse(interval);
            if (wait.compareTo(FIRST_INTERVAL) < 0) {
                wait = FIRST_INTERVAL;
            }
            if (!deadline.allows(wait)) {
                throw timedOut(snapshot, state, problem);
            }
            sleep(wait, state.apply(snapshot.value()));
            interval = nextInterval(interval, deadline.elapsed());
            try {
                snapshot = fetch.get();
            } catch (AcmeException e) {
                // A request that our own deadline cut short does not mean that the CA is unreachable.
                boolean cutShort = e.kind() == Kind.UNREACHABLE && deadline.hasPassed();
                throw cutShort ? timedOut(snapshot, state, problem) : e;
            }
        }
        return snapshot.value();
    }

    private <T> AcmeException timedOut(
            Snapshot<T> last, Function<T, String> state, Function<T, Optional<ProblemDocument>> problem) {
        String advice = last.retryAfter()
                .map(wait -> "; the CA asks to check again in " + AcmeErrors.format(wait))
                .orElse("");
        String message = state.apply(last.value()) + " after " + AcmeErrors.format(deadline.elapsed()) + advice;
        return new AcmeException(Kind.UNREACHABLE, message, problem.apply(last.value()), last.retryAfter(), null);
    }

    static Duration nextInterval(Duration interval, Duration elapsed) {
        if (elapsed.toSeconds() >= 30) {
            return Duration.ofSeconds(2);
        }
        if (elapsed.toSeconds() >= 5) {
            return Duration.ofSeconds(1);
        }
        Duration longer = interval.multipliedBy(3).dividedBy(2);
        return longer.compareTo(MAX_EARLY_INTERVAL) > 0 ? MAX_EARLY_INTERVAL : longer;
    }

    private void sleep(Duration time, String awaited) throws AcmeException {
        try {
            sleeper.sleep(time);
        } catch (InterruptedException e) {
            throw AcmeErrors.interrupted(awaited, e);
        }
    }
}
