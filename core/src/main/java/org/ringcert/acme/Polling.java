package org.ringcert.acme;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.ringcert.acme.AcmeException.Kind;

/**
 * Looks at a resource until it is decided (RFC 8555, sections 7.4 and 7.5.1): as the CA says by Retry-After, else often
 * at first, since most CAs need less than a second or two, then seldom.
 */
record Polling(Sleeper pause, Deadline deadline) {

    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration OFTEN = Duration.ofMillis(250);

    /** A resource as it stood, and when the CA wants to be asked again. */
    record Seen<T>(T value, Optional<Duration> retryAfter) {}

    interface Look<T> {
        Seen<T> take() throws AcmeException;
    }

    /** Gives the CA a moment before the first look. */
    void breathe(String what) throws AcmeException {
        sleep(FIRST, what);
    }

    /**
     * @param undecided says what is waited for and how it stands, for the message when patience ends
     * @throws AcmeException of kind UNREACHABLE when it is not decided in time, or the CA asks for a longer wait than
     *     is left
     */
    <T> T until(Predicate<T> decided, Seen<T> first, Look<T> look, Function<T, String> undecided) throws AcmeException {
        Seen<T> seen = first;
        Duration step = FIRST;
        while (!decided.test(seen.value())) {
            Duration wait = seen.retryAfter().orElse(step);
            if (wait.compareTo(FIRST) < 0) {
                wait = FIRST;
            }
            if (!deadline.allows(wait)) {
                throw outOfPatience(undecided.apply(seen.value()), seen.retryAfter());
            }
            sleep(wait, undecided.apply(seen.value()));
            step = next(step, deadline.elapsed());
            try {
                seen = look.take();
            } catch (AcmeException e) {
                // a look that patience cut off says nothing of the CA
                boolean cutOff = e.kind() == Kind.UNREACHABLE && !deadline.allows(Duration.ZERO);
                throw cutOff ? outOfPatience(undecided.apply(seen.value()), seen.retryAfter()) : e;
            }
        }
        return seen.value();
    }

    private AcmeException outOfPatience(String undecided, Optional<Duration> retryAfter) {
        String again = retryAfter
                .map(asked -> "; the CA asks to look again in " + AcmeErrors.spell(asked))
                .orElse("");
        String message = undecided + " after " + AcmeErrors.spell(deadline.elapsed()) + again;
        return new AcmeException(Kind.UNREACHABLE, message, Optional.empty(), retryAfter, null);
    }

    static Duration next(Duration step, Duration elapsed) {
        if (elapsed.toSeconds() >= 30) {
            return Duration.ofSeconds(2);
        }
        if (elapsed.toSeconds() >= 5) {
            return Duration.ofSeconds(1);
        }
        Duration longer = step.multipliedBy(3).dividedBy(2);
        return longer.compareTo(OFTEN) > 0 ? OFTEN : longer;
    }

    private void sleep(Duration time, String what) throws AcmeException {
        try {
            pause.sleep(time);
        } catch (InterruptedException e) {
            throw AcmeErrors.interrupted(what, e);
        }
    }
}
