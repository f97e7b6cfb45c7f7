package org.ringcert.daemon.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.renew.RenewalResult;
import org.ringcert.store.Progress;

class RenewalMessagesTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:15:30Z");
    private static final Instant NEXT = NOW.plusSeconds(60);
    private static final Site SITE = new Site(List.of(new HostName("www.example.org")));

    private final RenewalMessages exact = RenewalMessages.withExactTimes();
    private final RenewalMessages toTheMinute = RenewalMessages.withTimesToTheMinute();

    @Test
    void aWaitNamesTheFailureAndTheNextTry() {
        Progress.Failure failure = new Progress.Failure(3, NOW, NEXT, "no route");
        assertThat(exact.of(new RenewalResult.Waiting(SITE, failure, NEXT)))
                .isEqualTo("failed 3 times in a row, last at 2026-11-23T10:15:30Z, next try after 2026-11-23T10:16:30Z"
                        + " (ringcert renew --force tries now). no route");
        assertThat(toTheMinute.failed(failure)).contains("last at 2026-11-23 10:15Z, next try after 2026-11-23 10:16Z");
    }

    @Test
    void resultsAndProgressHaveTheSameSentences() {
        assertThat(exact.of(new RenewalResult.NotDeployed(SITE, "status 3", NEXT)))
                .isEqualTo(exact.notDeployed("status 3", NEXT))
                .endsWith(". status 3");
        assertThat(exact.of(new RenewalResult.NotServed(SITE, "another certificate", NEXT)))
                .isEqualTo(exact.notServed("another certificate", NEXT))
                .contains("is not what visitors get");
    }

    @ParameterizedTest
    @CsvSource({"P90D, 90 days", "PT47H, 47 hours", "PT119M, 119 minutes", "PT1M30S, 1 minute", "PT0S, 0 minutes"})
    void durationsAreRoundedDownInASuitableUnit(Duration duration, String shown) {
        assertThat(HumanTime.rounded(duration)).isEqualTo(shown);
    }
}
