package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.RecordedLog;
import org.ringcert.daemon.status.CaNames;
import org.ringcert.issue.AccountEvent;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.renew.RenewalResult;
import org.ringcert.renew.RenewalWait;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.OfferedChains;
import org.ringcert.store.Origin;
import org.ringcert.store.Postponement;
import org.ringcert.store.Progress;

class CertificateLogTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:15:00Z");
    private static final URI LETSENCRYPT = URI.create("https://acme-v02.api.letsencrypt.org/directory");
    private static final URI SECOND = URI.create("https://second.example.org/dir");
    private static final Site SITE = new Site(List.of(new HostName("www.example.org")));

    private final RecordedLog recorded = new RecordedLog("ringcert.certificate");
    private final CertificateLog certificateLog = new CertificateLog(new CaNames(
            directory -> directory.equals(LETSENCRYPT) ? Optional.of("letsencrypt") : Optional.empty(), List.of()));

    @AfterEach
    void stopRecording() {
        recorded.close();
    }

    @Test
    void aFailureIsNotLoggedAgainAsAWait() {
        Progress.Failure failure = new Progress.Failure(1, NOW, NOW.plusSeconds(60), "no route");
        certificateLog.onResult(
                new RenewalResult.Failed(CertificateName.first(SITE.name()), failure.reason(), failure.nextAttempt()));
        certificateLog.onResult(
                new RenewalResult.Waiting(CertificateName.first(SITE.name()), RenewalWait.after(failure)));

        assertThat(recorded.messages())
                .containsExactly("www.example.org: failed, next try after " + failure.nextAttempt() + ". no route");
    }

    @Test
    void aPostponedOrderIsLoggedOnceForEachReason() {
        for (int minutes = 0; minutes < 30; minutes += 5) {
            Instant next = NOW.plusSeconds(60L * minutes);
            certificateLog.onResult(postponed("Open port 80.", next));
            certificateLog.onResult(new RenewalResult.Waiting(
                    CertificateName.first(SITE.name()),
                    new RenewalWait(
                            List.of(new RenewalWait.BetweenLooks(
                                    Optional.empty(),
                                    new Postponement(NOW, 1, NOW, next, NOW.plusSeconds(3600), "Open port 80."))),
                            Optional.empty(),
                            next)));
        }
        certificateLog.onResult(postponed("The AAAA record leads nowhere.", NOW));

        assertThat(recorded.messages()).hasSize(2);
        assertThat(recorded.messages().getFirst()).contains("www.example.org: waits with its order", "Open port 80.");
        assertThat(recorded.messages().getLast()).contains("The AAAA record leads nowhere.");
    }

    private static RenewalResult postponed(String reason, Instant next) {
        return new RenewalResult.Postponed(CertificateName.first(SITE.name()), reason, next, NOW.plusSeconds(3600));
    }

    @Test
    void theWarningOfALookIsLogged() {
        certificateLog.onEvent(
                CertificateName.first(SITE.name()), new IssuanceEvent.ValidationDoubtful("It looks bad."));

        assertThat(recorded.messages()).containsExactly("www.example.org: It looks bad.");
    }

    @Test
    void aSiteThatIsBusyForManyPassesIsLoggedOnce() {
        for (int pass = 0; pass < 5; pass++) {
            certificateLog.onResult(
                    new RenewalResult.Busy(CertificateName.first(SITE.name()), NOW.plusSeconds(30L * pass)));
        }
        certificateLog.onResult(new RenewalResult.NotDue(CertificateName.first(SITE.name()), NOW, NOW));
        certificateLog.onResult(new RenewalResult.Busy(CertificateName.first(SITE.name()), NOW));

        assertThat(recorded.messages())
                .containsExactly(
                        "www.example.org: skipped, the daemon or another command is working on it",
                        "www.example.org: not due, next renewal " + NOW,
                        "www.example.org: skipped, the daemon or another command is working on it");
    }

    @Test
    void saysWhichCaAndWhyWhenAnOrderFallsBackAndWhenItReturns() {
        certificateLog.onEvent(
                CertificateName.first(SITE.name()),
                new IssuanceEvent.FallsBack(SECOND, LETSENCRYPT, "has failed since " + NOW));
        certificateLog.onEvent(CertificateName.first(SITE.name()), new IssuanceEvent.Installed(versionFrom(SECOND)));
        certificateLog.onEvent(CertificateName.first(SITE.name()), new IssuanceEvent.SwitchesCa(LETSENCRYPT, SECOND));

        assertThat(recorded.messages())
                .first()
                .isEqualTo("www.example.org: falls back to second.example.org, because letsencrypt has failed since "
                        + NOW);
        assertThat(recorded.messages().get(1))
                .startsWith("www.example.org: installed a new certificate from second.example.org, valid until ");
        assertThat(recorded.messages().get(2))
                .startsWith("www.example.org: is ordered from letsencrypt, ")
                .endsWith("the current certificate is from second.example.org");
    }

    @Test
    void saysThatTheCaOfTheCurrentCertificateIsNoLongerConfigured() {
        certificateLog.onEvent(CertificateName.first(SITE.name()), new IssuanceEvent.LeavesCa(LETSENCRYPT, SECOND));

        assertThat(recorded.messages())
                .containsExactly("www.example.org: is ordered from letsencrypt, because second.example.org is no longer"
                        + " in the configuration");
    }

    @Test
    void saysThatAnOrderCountsTowardsTheLimits() {
        certificateLog.onEvent(
                CertificateName.first(SITE.name()),
                new IssuanceEvent.NotAReplacement(URI.create("https://ca.example.org/order/1"), "it says so"));

        assertThat(recorded.messages())
                .containsExactly(
                        "www.example.org: the CA takes order https://ca.example.org/order/1 for a new certificate,"
                                + " not for a renewal, so the order counts towards its limits: it says so");
    }

    @Test
    void saysWhichChainsTheCaOffersInstead() {
        certificateLog.onEvent(
                CertificateName.first(SITE.name()),
                new IssuanceEvent.NoChainToRoot(
                        "Root X9",
                        new OfferedChains(List.of("Root X1"), 1),
                        List.of("ca.example.org has nothing there")));

        assertThat(recorded.messages())
                .containsExactly(
                        "www.example.org: an alternate chain cannot be used: ca.example.org has nothing there",
                        "www.example.org: is installed with the CA's default chain: the CA offers no chain to the root"
                                + " \"Root X9\" ([acme] chain). It offers \"Root X1\", and 1 that could not be read. Write"
                                + " one of these, or leave the key out; it takes effect at the next renewal");
    }

    @Test
    void saysThatAKeyDoesNotStay() {
        certificateLog.onEvent(CertificateName.first(SITE.name()), new IssuanceEvent.KeyNotReused("it was retired"));

        assertThat(recorded.messages())
                .containsExactly("www.example.org: gets a new key instead of the current one: it was retired");
    }

    @Test
    void saysWhatHappensToAnAccountAndAtWhichCa() {
        URI account = URI.create("https://second.example.org/account/1");
        URI next = URI.create("https://second.example.org/account/2");
        certificateLog.onAccountEvent(SECOND, new AccountEvent.Registered(account, Optional.empty()));
        certificateLog.onAccountEvent(SECOND, new AccountEvent.ContactRefused("no such domain"));
        certificateLog.onAccountEvent(SECOND, new AccountEvent.Registered(next, Optional.of(account)));
        certificateLog.onAccountEvent(LETSENCRYPT, new AccountEvent.RegistrationFailed("not now"));
        certificateLog.onAccountEvent(LETSENCRYPT, new AccountEvent.RegistrationFailed("not now"));

        assertThat(recorded.messages())
                .containsExactly(
                        "made an account at second.example.org: " + account,
                        "made the account at second.example.org without a contact, because the CA refused it: no such domain",
                        "second.example.org no longer knows account " + account
                                + ", so Ringcert made an account there again: " + next,
                        "could not make an account at letsencrypt, and orders nothing there without one: not now");
    }

    @Test
    void logsADeactivatedAccountOnceAndEachRollOverThatWasCutOff() {
        certificateLog.onAccountEvent(SECOND, new AccountEvent.Deactivated("It was deactivated."));
        certificateLog.onAccountEvent(SECOND, new AccountEvent.Deactivated("It was deactivated."));
        AccountEvent ended = new AccountEvent.RollOverEnded(AccountEvent.RollOverEnded.AccountKey.OLD);
        certificateLog.onAccountEvent(LETSENCRYPT, ended);
        certificateLog.onAccountEvent(LETSENCRYPT, ended);

        String words = "The roll-over at letsencrypt that was cut off did not happen; the account has its old key. Run"
                + " `ringcert account roll-over` again.";
        assertThat(recorded.messages()).containsExactly("It was deactivated.", words, words);
    }

    private static CertificateVersion versionFrom(URI directory) {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        X509Certificate certificate =
                SelfSignedCertificate.create(key, SITE.names(), NOW, NOW.plus(Duration.ofDays(90)));
        return new CertificateVersion(
                CertificateName.first(SITE.name()),
                Path.of("/store"),
                List.of(certificate),
                new Origin.IssuedByCa(directory, Optional.empty(), Optional.empty()));
    }
}
