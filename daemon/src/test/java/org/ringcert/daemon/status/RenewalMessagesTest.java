package org.ringcert.daemon.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.renew.RenewalResult;
import org.ringcert.renew.RenewalWait;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Postponement;
import org.ringcert.store.Progress;

class RenewalMessagesTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:15:30Z");
    private static final Instant NEXT = NOW.plusSeconds(60);
    private static final Site SITE = new Site(List.of(new HostName("www.example.org")));

    private final CaNames names = new CaNames(
            directory -> directory.getHost().equals("ca.example.org") ? Optional.of("known") : Optional.empty(),
            List.of());
    private final RenewalMessages exact = RenewalMessages.ofDaemon(names);
    private final RenewalMessages command = RenewalMessages.ofCommand(names);
    private final RenewalMessages toTheMinute = RenewalMessages.ofStatus(names);

    @Test
    void aWaitNamesTheFailureAndTheNextTry() {
        Progress.Failure failure = new Progress.Failure(3, NOW, NEXT, "no route");
        assertThat(exact.of(new RenewalResult.Waiting(CertificateName.first(SITE.name()), RenewalWait.after(failure))))
                .isEqualTo("failed 3 times in a row, last at 2026-11-23T10:15:30Z, next try after 2026-11-23T10:16:30Z"
                        + " (ringcert renew --force tries now). no route");
        assertThat(toTheMinute.failed(Optional.empty(), failure))
                .contains("last at 2026-11-23 10:15Z, next try after 2026-11-23 10:16Z");
    }

    @Test
    void aPostponedOrderNamesItsReasonTheNextLookAndWhenItIsOrderedInAnyCase() {
        Postponement postponement = new Postponement(NOW, 1, NOW, NEXT, NOW.plusSeconds(3600), "Open port 80.");
        RenewalWait wait = new RenewalWait(
                List.of(new RenewalWait.BetweenLooks(Optional.empty(), postponement)), Optional.empty(), NEXT);

        assertThat(exact.of(wait))
                .isEqualTo("waits with its order, because validation would fail; next look after 2026-11-23T10:16:30Z,"
                        + " ordered in any case after 2026-11-23T11:15:30Z (ringcert renew --force orders now)."
                        + " Open port 80.");
        assertThat(exact.of(new RenewalResult.Postponed(
                        CertificateName.first(SITE.name()), "Open port 80.", NEXT, NOW.plusSeconds(3600))))
                .isEqualTo("waits with its order, because validation would fail; next look after 2026-11-23T10:16:30Z,"
                        + " ordered in any case after 2026-11-23T11:15:30Z (ringcert renew --force orders now)."
                        + " Open port 80.");
        assertThat(toTheMinute.postponed(Optional.empty(), postponement))
                .isEqualTo("waits with its order, because validation would fail; the daemon looks again after"
                        + " 2026-11-23 10:16Z, ringcert renew at once; ordered in any case after 2026-11-23 11:15Z"
                        + " (ringcert renew --force orders now). Open port 80.");
    }

    /** Nobody looks at the saved time if there is no daemon. */
    @Test
    void aCommandDoesNotPromiseALookAtATime() {
        assertThat(command.of(new RenewalResult.Postponed(
                        CertificateName.first(SITE.name()), "Open port 80.", NEXT, NOW.plusSeconds(3600))))
                .isEqualTo("waits with its order, because validation would fail; the next run looks again, and orders"
                        + " in any case after 2026-11-23T11:15:30Z (ringcert renew --force orders now)."
                        + " Open port 80.");
    }

    @Test
    void aWaitNamesEachFailureWithItsCaAndItsTime() {
        Progress.Failure first = new Progress.Failure(3, NOW, NOW.plusSeconds(6000), "no route");
        Progress.Failure second = new Progress.Failure(1, NOW, NEXT, "refused.");
        URI ca = URI.create("https://ca.example.org/dir");
        URI other = URI.create("https://other.example.org/dir");
        assertThat(exact.of(new RenewalWait(
                        List.of(
                                new RenewalWait.AfterFailure(Optional.of(ca), first),
                                new RenewalWait.AfterFailure(Optional.of(other), second)),
                        Optional.of(other),
                        NEXT)))
                .isEqualTo("failed 3 times in a row at known, last at 2026-11-23T10:15:30Z, next try after"
                        + " 2026-11-23T11:55:30Z (ringcert renew --force tries now). no route."
                        + " Also failed once at other.example.org, last at 2026-11-23T10:15:30Z, next try after"
                        + " 2026-11-23T10:16:30Z (ringcert renew --force tries now). refused.");
        assertThat(exact.failed(Optional.of(ca), Progress.Failure.dueWhenIssued(1, NOW, NEXT, "the clock")))
                .startsWith("issued certificates that were already due at known (once), last at ");
    }

    @ParameterizedTest
    @CsvSource({
        "https://ca.example.org/dir, known",
        "https://other.example.org/dir, other.example.org",
        "http://127.0.0.1:14000/dir, 127.0.0.1:14000"
    })
    void aCaWithoutANameIsCalledByItsHost(URI directory, String name) {
        assertThat(names.of(directory)).isEqualTo(name);
    }

    @Test
    void casAtOneHostAndPortAreNamedWithTheirPaths() {
        URI web = URI.create("https://ca.example.net/acme/web/directory");
        URI mail = URI.create("https://ca.example.net/acme/mail/directory");
        URI port = URI.create("https://ca.example.net:8443/acme/web/directory");
        CaNames distinct = new CaNames(_ -> Optional.empty(), List.of(web, mail, port));

        assertThat(distinct.of(web)).isEqualTo("ca.example.net/acme/web/directory");
        assertThat(distinct.of(mail)).isEqualTo("ca.example.net/acme/mail/directory");
        assertThat(distinct.of(port)).isEqualTo("ca.example.net:8443");
    }

    @Test
    void aWaitNamesTheTimeWhenAnotherCaMayBeAsked() {
        Progress.Failure failure = new Progress.Failure(3, NOW, NEXT.plusSeconds(3600), "no route");
        URI ca = URI.create("https://ca.example.org/dir");
        URI other = URI.create("https://other.example.org/dir");

        assertThat(exact.of(new RenewalWait(
                        List.of(new RenewalWait.AfterFailure(Optional.of(ca), failure)), Optional.of(other), NEXT)))
                .contains("next try after 2026-11-23T11:16:30Z")
                .endsWith(". no route. other.example.org may be asked from 2026-11-23T10:16:30Z");
    }

    @Test
    void resultsAndProgressHaveTheSameSentences() {
        assertThat(exact.of(new RenewalResult.NotDeployed(CertificateName.first(SITE.name()), "status 3", NEXT)))
                .isEqualTo(exact.notDeployed("status 3", NEXT))
                .endsWith(". status 3");
        assertThat(exact.of(
                        new RenewalResult.NotServed(CertificateName.first(SITE.name()), "another certificate", NEXT)))
                .isEqualTo(exact.notServed("another certificate", NEXT))
                .contains("is not what visitors get");
    }

    @ParameterizedTest
    @CsvSource({"P90D, 90 days", "PT47H, 47 hours", "PT119M, 119 minutes", "PT1M30S, 1 minute", "PT0S, 0 minutes"})
    void durationsAreRoundedDownInASuitableUnit(Duration duration, String shown) {
        assertThat(HumanTime.rounded(duration)).isEqualTo(shown);
    }
}
