package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.RecordedLog;
import org.ringcert.renew.RenewalResult;
import org.ringcert.store.Progress;

class CertificateLogTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:15:00Z");
    private static final Site SITE = new Site(List.of(new HostName("www.example.org")));

    private final RecordedLog recorded = new RecordedLog("ringcert.certificate");
    private final CertificateLog certificateLog = new CertificateLog(ConfiguredNode.CA_NAMES);

    @AfterEach
    void stopRecording() {
        recorded.close();
    }

    @Test
    void aFailureIsNotLoggedAgainAsAWait() {
        Progress.Failure failure = new Progress.Failure(1, NOW, NOW.plusSeconds(60), "no route");
        certificateLog.onResult(new RenewalResult.Failed(SITE, failure.reason(), failure.nextAttempt()));
        certificateLog.onResult(new RenewalResult.Waiting(SITE, Optional.empty(), failure, failure.nextAttempt()));

        assertThat(recorded.messages())
                .containsExactly("www.example.org: failed, next try after " + failure.nextAttempt() + ". no route");
    }

    @Test
    void aSiteThatIsBusyForManyPassesIsLoggedOnce() {
        for (int pass = 0; pass < 5; pass++) {
            certificateLog.onResult(new RenewalResult.Busy(SITE, NOW.plusSeconds(30L * pass)));
        }
        certificateLog.onResult(new RenewalResult.NotDue(SITE, NOW, NOW));
        certificateLog.onResult(new RenewalResult.Busy(SITE, NOW));

        assertThat(recorded.messages())
                .containsExactly(
                        "www.example.org: skipped, the daemon or another command is working on it",
                        "www.example.org: not due, next renewal " + NOW,
                        "www.example.org: skipped, the daemon or another command is working on it");
    }
}
