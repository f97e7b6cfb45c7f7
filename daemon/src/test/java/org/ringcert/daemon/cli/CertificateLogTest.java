package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.renew.RenewalResult;
import org.ringcert.store.Progress;
import org.slf4j.LoggerFactory;

class CertificateLogTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:15:00Z");
    private static final Site SITE = new Site(List.of(new HostName("www.example.org")));

    private final Logger logger = (Logger) LoggerFactory.getLogger("ringcert.certificate");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final CertificateLog certificateLog = new CertificateLog();

    @BeforeEach
    void listen() {
        lines.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    @Test
    void aFailureIsNotLoggedAgainAsAWait() {
        Progress.Failure failure = new Progress.Failure(1, NOW, NOW.plusSeconds(60), "no route");
        certificateLog.onResult(new RenewalResult.Failed(SITE, failure.reason(), failure.nextAttempt()));
        certificateLog.onResult(new RenewalResult.Waiting(SITE, failure, failure.nextAttempt()));

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("www.example.org: failed, next try after " + failure.nextAttempt() + ". no route");
    }

    @Test
    void aSiteThatIsBusyForManyPassesIsLoggedOnce() {
        for (int pass = 0; pass < 5; pass++) {
            certificateLog.onResult(new RenewalResult.Busy(SITE, NOW.plusSeconds(30L * pass)));
        }
        certificateLog.onResult(new RenewalResult.NotDue(SITE, NOW));
        certificateLog.onResult(new RenewalResult.Busy(SITE, NOW));

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "www.example.org: skipped, the daemon or another command is working on it",
                        "www.example.org: not due, next renewal " + NOW,
                        "www.example.org: skipped, the daemon or another command is working on it");
    }
}
