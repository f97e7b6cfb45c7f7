package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.Authorization;
import org.ringcert.issue.CaFaults;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.store.AuthorityProgress;
import org.ringcert.store.CertificateName;
import org.ringcert.store.StoreException;

/** What has failed at one CA is kept apart from what has failed at another. */
class FailuresAtTwoCasTest {

    @TempDir
    private Path directory;

    private TwoCas cas;

    @BeforeEach
    void start() throws StoreException {
        cas = new TwoCas(directory);
    }

    private Instant in(Duration time) {
        return cas.clock.instant().plus(time);
    }

    @Test
    void aBugWithTheSecondCaIsRecordedThere() throws Exception {
        cas.letTheFirstCaFailForAnHour();
        cas.second.beforeCall = call -> {
            if (call.startsWith("newOrder")) {
                throw new IllegalStateException("unexpected");
            }
        };

        assertThat(cas.pass())
                .isInstanceOfSatisfying(
                        RenewalResult.Failed.class,
                        failed -> assertThat(failed.reason()).contains("A bug", "unexpected"));

        assertThat(cas.progress(TwoCas.SECOND).failure().orElseThrow().reason()).contains("A bug");
        assertThat(cas.progress(TwoCas.FIRST).failure().orElseThrow().outage()).isPresent();
    }

    @Test
    void failedOrdersAtOneCaDoNotUseUpTheBudgetOfTheOther() throws Exception {
        cas.first.validationResult = _ -> Authorization.Status.INVALID;
        for (int i = 0; i < 5; i++) {
            cas.pass(TwoCas.SPEC, RenewalMode.FORCE);
        }
        assertThat(cas.first.count("newOrder")).isEqualTo(4);
        assertThat(cas.progress(TwoCas.FIRST).failedOrders()).hasSize(4);
        assertThat(cas.progress(TwoCas.SECOND)).isEqualTo(emptyAtSecond());

        CertificateSpec secondFirst = TwoCas.spec(TwoCas.SITE, TwoCas.SECOND, TwoCas.FIRST);
        assertThat(cas.pass(secondFirst, RenewalMode.DUE_ONLY)).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
        assertThat(cas.progress(TwoCas.FIRST).failedOrders())
                .as("they still count at the first CA")
                .hasSize(4);
        assertThat(cas.pass(TwoCas.SPEC, RenewalMode.FORCE)).isInstanceOf(RenewalResult.Failed.class);
        assertThat(cas.first.count("newOrder")).isEqualTo(4);

        cas.clock.move(Duration.ofDays(7));
        assertThat(cas.pass(secondFirst, RenewalMode.FORCE)).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(cas.progress(TwoCas.FIRST).failedOrders()).isEmpty();
    }

    private static AuthorityProgress emptyAtSecond() {
        return new AuthorityProgress(
                TwoCas.SECOND, Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void bothCasBackOffSeparatelyIfBothAreDown() throws Exception {
        cas.letTheFirstCaFailForAnHour();
        cas.second.beforeCall = TwoCas.failing(Kind.INVALID_RESPONSE, Optional.empty());
        Instant firstNext = cas.progress(TwoCas.FIRST).failure().orElseThrow().nextAttempt();

        RenewalResult failed = cas.pass();

        assertThat(failed).isInstanceOf(RenewalResult.Failed.class);
        assertThat(failed.next()).as("of the second CA").isEqualTo(in(Duration.ofMinutes(1)));
        assertThat(cas.progress(TwoCas.SECOND).failure().orElseThrow().count()).isEqualTo(1);
        assertThat(cas.progress(TwoCas.FIRST).failure().orElseThrow().nextAttempt())
                .isEqualTo(firstNext);
        assertThat(cas.pass()).isInstanceOf(RenewalResult.Waiting.class);
        cas.passesFor(Duration.ofDays(2));
        assertThat(cas.progress(TwoCas.FIRST).failure().orElseThrow().count()).isBetween(250, 300);
        assertThat(cas.progress(TwoCas.SECOND).failure().orElseThrow().count()).isBetween(250, 300);

        cas.first.beforeCall = _ -> {};
        cas.passesFor(Duration.ofDays(1));
        assertThat(cas.currentCa()).contains(TwoCas.FIRST);
        assertThat(cas.fixture
                        .store
                        .progress(CertificateName.first(TwoCas.SITE.name()))
                        .failures())
                .isEmpty();
    }

    @Test
    void theWaitCanBeEndedAtOneCaAlone() throws Exception {
        cas.letTheFirstCaFailForAnHour();
        cas.second.beforeCall = TwoCas.down();
        cas.pass();

        cas.renewals().clearBackOff(CertificateName.first(TwoCas.SITE.name()), TwoCas.FIRST);

        assertThat(cas.progress(TwoCas.FIRST).failure()).isEmpty();
        assertThat(cas.progress(TwoCas.SECOND).failure()).isPresent();
        cas.first.beforeCall = _ -> {};
        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(cas.currentCa()).contains(TwoCas.FIRST);
    }

    @Test
    void aPassInWhichBothCasRefuseWaitsForTheFirstToBeAskedAgain() {
        cas.first.beforeCall = TwoCas.failing(Kind.RATE_LIMITED, Optional.of(Duration.ofHours(34)));
        cas.second.beforeCall = TwoCas.failing(Kind.RATE_LIMITED, Optional.of(Duration.ofHours(20)));

        RenewalResult refused = cas.pass();

        assertThat(refused)
                .isInstanceOfSatisfying(
                        RenewalResult.Waiting.class,
                        both -> assertThat(both.pendingWait().causes())
                                .extracting(RenewalWait.Cause::ca)
                                .containsExactly(Optional.of(TwoCas.FIRST), Optional.of(TwoCas.SECOND)));
        assertThat(refused.next()).isEqualTo(in(Duration.ofHours(20)));
    }

    @Test
    void aWaitOfADayAtTheFirstCaDoesNotDelayTheSecondForASiteWithoutCertificate() throws Exception {
        cas.first.beforeCall = TwoCas.failing(Kind.RATE_LIMITED, Optional.of(Duration.ofHours(34)));
        cas.second.beforeCall = TwoCas.down();
        cas.pass();
        cas.second.beforeCall = _ -> {};

        cas.clock.move(Duration.ofMinutes(1));

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(cas.first.count("newOrder")).isZero();
        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
    }

    @Test
    void saysThatAPassWouldOrderWhenOnlyTheSecondCaMayBeAsked() throws Exception {
        cas.first.beforeCall = TwoCas.failing(Kind.RATE_LIMITED, Optional.of(Duration.ofHours(34)));
        cas.second.beforeCall = TwoCas.down();
        cas.pass();
        assertThat(cas.renewals().wouldOrder(TwoCas.SPEC, RenewalMode.DUE_ONLY)).isFalse();

        cas.clock.move(Duration.ofMinutes(1));

        assertThat(cas.renewals().wouldOrder(TwoCas.SPEC, RenewalMode.DUE_ONLY)).isTrue();
        assertThat(cas.renewals().wouldOrder(TwoCas.spec(TwoCas.SITE, TwoCas.FIRST), RenewalMode.DUE_ONLY))
                .isFalse();
    }

    @Test
    void theSecondCaIsRememberedAcrossARestart() throws Exception {
        cas.first.beforeCall = TwoCas.down();
        cas.passesFor(Duration.ofMinutes(30));
        cas.restart();
        cas.passesFor(Duration.ofMinutes(30).minusSeconds(1));
        assertThat(cas.second.count("newOrder")).isZero();
        cas.restart();

        cas.clock.move(Duration.ofSeconds(1));

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(cas.currentCa()).map(URI::getHost).contains("second.example.net");
    }

    @Test
    void aFullDiskIsNoReasonToAskTheSecondCa() throws Exception {
        obstruct();

        cas.passesFor(Duration.ofDays(3));

        assertThat(cas.first.count("newOrder")).isZero();
        assertThat(cas.second.count("newOrder")).isZero();
        assertThat(cas.fallbacks()).isEmpty();
    }

    @Test
    void aFailureThatCannotBeSavedDelaysBothCas() throws Exception {
        cas.first.beforeCall = call -> {
            if (call.startsWith("newOrder")) {
                obstruct();
                throw CaFaults.failure(Kind.RATE_LIMITED, "too many", Optional.of(Duration.ofHours(34)));
            }
        };

        RenewalResult failed = cas.pass();

        assertThat(failed)
                .isInstanceOfSatisfying(
                        RenewalResult.Failed.class,
                        unsaved -> assertThat(unsaved.reason()).contains("too many", "could not be saved"));
        assertThat(failed.next()).isEqualTo(in(Duration.ofHours(34)));
        assertThat(cas.second.count("newOrder")).isZero();
    }

    /** From now on the site's progress cannot be written, because its temporary file cannot. */
    private void obstruct() {
        try {
            Files.createDirectories(directory.resolve("store/orders/.tmp-www.example.org.json/in the way"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
