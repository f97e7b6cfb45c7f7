package org.ringcert.renew;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.acme.RenewalInfo;
import org.ringcert.store.RenewalSchedule;
import org.ringcert.store.StoreException;

/** Two CAs, of which the first suggests when to renew its certificates. */
abstract class RenewalInformationTestBase {

    static final Duration POLL = Duration.ofHours(6);

    @TempDir
    private Path directory;

    TwoCas cas;

    /** The window of the first CA, relative to the time when the test began, and its Retry-After. */
    volatile Window window = new Window(Duration.ofDays(50), Duration.ofDays(52), Optional.of(POLL));

    volatile Instant began = Instant.EPOCH;

    record Window(Duration start, Duration end, Optional<Duration> retryAfter) {}

    @BeforeEach
    void start() throws StoreException {
        cas = new TwoCas(directory);
        began = cas.clock.instant();
        answerRequests();
    }

    void answerRequests() {
        cas.first.renewalInfo = Optional.of(_ -> new RenewalInfo(
                began.plus(window.start()), began.plus(window.end()), Optional.empty(), window.retryAfter()));
    }

    void suggest(Duration start, Duration end) {
        window = new Window(start, end, Optional.of(POLL));
    }

    long polls() {
        return cas.first.count("renewalInfo");
    }

    RenewalSchedule schedule() throws StoreException {
        return cas.fixture.store.renewalSchedule(cas.current());
    }

    Instant chosen() throws StoreException {
        return schedule().suggestion().orElseThrow().chosen();
    }

    /** Returns how long after the last request the next one is due. */
    Duration interval() throws StoreException {
        return Duration.between(cas.clock.instant(), schedule().nextPoll());
    }
}
