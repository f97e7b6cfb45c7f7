package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.Authorization;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.issue.CaFaults;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.issue.IssuerFixture;
import org.ringcert.store.StoreException;

/** Renewals of a site with a second CA behind the first. */
class SeveralCasTest {

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

    /** Gets a certificate from the first CA, and moves the clock to when so much of its 90 days is left. */
    private void getCertificateAndWaitUntilLeft(Duration left) {
        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);
        cas.clock.move(Duration.ofDays(90).minus(left));
    }

    @Test
    void asksOnlyTheFirstCaIfItWorks() throws Exception {
        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);
        cas.clock.move(Duration.ofDays(60));
        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(cas.currentCa()).contains(TwoCas.FIRST);
        assertThat(cas.second.count("newOrder")).isZero();
        assertThat(cas.fallbacks()).isEmpty();
        assertThat(cas.fixture.events).noneMatch(IssuanceEvent.SwitchesCa.class::isInstance);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"UNREACHABLE", "INVALID_RESPONSE", "RATE_LIMITED", "REFUSED", "NOT_FOUND"})
    void asksTheSecondCaWhenTheFirstHasFailedForAnHourAndNotBefore(Kind kind) throws Exception {
        cas.first.beforeCall = TwoCas.failing(kind, Optional.empty());
        Instant hour = in(Duration.ofHours(1));
        for (RenewalResult result = cas.pass(); result.next().isBefore(hour); result = cas.pass()) {
            cas.clock.set(result.next());
        }
        cas.clock.set(hour.minusSeconds(1));
        RenewalResult waiting = cas.pass();
        assertThat(waiting).isInstanceOf(RenewalResult.Waiting.class);
        assertThat(waiting.next()).isEqualTo(hour);
        assertThat(cas.second.count("newOrder")).isZero();

        cas.clock.set(hour);
        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
        assertThat(cas.deployed).hasSize(1);
        assertThat(cas.fallbacks()).singleElement().satisfies(event -> {
            assertThat(event.directory()).isEqualTo(TwoCas.SECOND);
            assertThat(event.reason())
                    .contains("has failed since " + hour.minus(Duration.ofHours(1)))
                    .contains("the test says " + kind);
        });
    }

    @Test
    void aFailureOfTheAccountIsTheCas() throws Exception {
        cas.first.faults.accountsDeactivated = true;
        assertThat(cas.passesFor(Duration.ofHours(1)))
                .hasSize(3)
                .allSatisfy(result -> assertThat(result)
                        .isInstanceOfSatisfying(
                                RenewalResult.Failed.class,
                                failed -> assertThat(failed.reason()).contains("deactivated")));

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"serverInternal", "rejectedIdentifier", "externalAccountRequired", "userActionRequired"})
    void refusalsOfSuchTypesAreTheCas(String type) throws Exception {
        refuseOrdersWith(type);
        cas.passesFor(Duration.ofHours(1));

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
    }

    private void refuseOrdersWith(String type) {
        AcmeException refusal = CaFaults.refusal(type.equals("serverInternal") ? 500 : 403, type, "no");
        cas.first.beforeCall = call -> {
            if (call.startsWith("newOrder")) {
                throw refusal;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"caa", "dns"})
    void refusalsOfSuchTypesAreTheSites(String type) throws Exception {
        refuseOrdersWith(type);
        cas.passesFor(Duration.ofDays(3));

        assertThat(cas.second.count("newOrder")).isZero();
        assertThat(cas.progress(TwoCas.FIRST).failure().orElseThrow().outage()).isEmpty();
    }

    @Test
    void asksTheSecondCaInTheSamePassIfTheFirstAsksToWaitLonger() throws Exception {
        cas.first.beforeCall = TwoCas.failing(Kind.RATE_LIMITED, Optional.of(Duration.ofHours(34)));

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
        assertThat(cas.fallbacks())
                .singleElement()
                .satisfies(event -> assertThat(event.reason())
                        .contains(in(Duration.ofHours(34)).toString()));
    }

    @Test
    void aCertificateWithEnoughTimeLeftWaitsForTheFirstCa() throws Exception {
        getCertificateAndWaitUntilLeft(Duration.ofDays(30));
        cas.first.beforeCall = TwoCas.failing(Kind.RATE_LIMITED, Optional.of(Duration.ofHours(34)));

        assertThat(cas.passesFor(Duration.ofDays(15).minusMinutes(1))).hasSizeGreaterThan(5);

        assertThat(cas.second.count("newOrder")).isZero();
        assertThat(cas.currentCa()).contains(TwoCas.FIRST);
        cas.clock.move(Duration.ofMinutes(1));
        assertThat(cas.pass()).as("a sixth of 90 days is left").isInstanceOf(RenewalResult.Renewed.class);
        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
    }

    @Test
    void anExpiredCertificateIsUrgent() throws Exception {
        getCertificateAndWaitUntilLeft(Duration.ofDays(-1));
        cas.letTheFirstCaFailForAnHour();

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
    }

    @Test
    void newNamesAreUrgent() throws Exception {
        getCertificateAndWaitUntilLeft(Duration.ofDays(80));
        CertificateSpec more = TwoCas.spec(
                new Site(List.of(IssuerFixture.WWW, IssuerFixture.BARE, new HostName("new.example.org"))),
                TwoCas.FIRST,
                TwoCas.SECOND);
        cas.first.beforeCall = TwoCas.failing(Kind.RATE_LIMITED, Optional.of(Duration.ofHours(34)));

        assertThat(cas.pass(more, RenewalMode.DUE_ONLY)).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(cas.current().names()).hasSize(3);
        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
    }

    @Test
    void aFailedValidationNeverLeadsToTheSecondCa() throws Exception {
        cas.first.validationResult = _ -> Authorization.Status.INVALID;

        assertThat(cas.passesFor(Duration.ofDays(30))).hasSizeGreaterThan(20);

        assertThat(cas.second.count("newOrder")).isZero();
        assertThat(cas.pass(TwoCas.SPEC, RenewalMode.FORCE)).isInstanceOf(RenewalResult.Failed.class);
        assertThat(cas.second.count("newOrder")).isZero();
    }

    @Test
    void aFailureOfTheSiteInBetweenStartsTheHourAgain() throws Exception {
        cas.first.beforeCall = TwoCas.down();
        cas.pass();
        cas.clock.move(Duration.ofMinutes(1));
        cas.first.beforeCall = _ -> {};
        cas.first.validationResult = _ -> Authorization.Status.INVALID;
        cas.pass();
        cas.first.beforeCall = TwoCas.down();

        cas.passesFor(Duration.ofHours(1));

        assertThat(cas.second.count("newOrder")).isZero();
        assertThat(cas.progress(TwoCas.FIRST).failure().orElseThrow().count()).isEqualTo(11);
        cas.passesFor(Duration.ofMinutes(10));
        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
    }

    @Test
    void aBugIsNoReasonToAskTheSecondCa() throws Exception {
        cas.first.beforeCall = call -> {
            if (call.startsWith("newOrder")) {
                throw new IllegalStateException("unexpected");
            }
        };

        cas.passesFor(Duration.ofDays(3));

        assertThat(cas.second.count("newOrder")).isZero();
    }

    @Test
    void returnsToTheFirstCaAtTheNextRenewalAndNotBefore() throws Exception {
        cas.letTheFirstCaFailForAnHour();
        Instant renewal = cas.pass().next();
        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
        cas.first.beforeCall = _ -> {};

        cas.passesFor(Duration.between(cas.clock.instant(), renewal).minusSeconds(1));
        assertThat(cas.first.count("newOrder") + cas.second.count("newOrder")).isEqualTo(1);

        cas.clock.set(renewal);
        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(cas.currentCa()).contains(TwoCas.FIRST);
        assertThat(cas.second.count("newOrder")).isEqualTo(1);
        assertThat(cas.fixture.events).contains(new IssuanceEvent.SwitchesCa(TwoCas.FIRST, TwoCas.SECOND));
    }

    @Test
    void aCertificateOfTheSecondCaIsDueWhenThatIsNoLongerConfigured() throws Exception {
        cas.letTheFirstCaFailForAnHour();
        cas.pass();
        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
        cas.first.beforeCall = _ -> {};
        CertificateSpec onlyFirst = TwoCas.spec(TwoCas.SITE, TwoCas.FIRST);

        assertThat(cas.renewals().plan(onlyFirst, RenewalMode.DUE_ONLY).due())
                .isEqualTo(new Due.Now("the CA has changed", Due.Urgency.CAN_WAIT));
        assertThat(cas.pass(onlyFirst, RenewalMode.DUE_ONLY)).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(cas.currentCa()).contains(TwoCas.FIRST);
        assertThat(cas.fixture.events)
                .contains(new IssuanceEvent.LeavesCa(TwoCas.FIRST, TwoCas.SECOND))
                .noneMatch(IssuanceEvent.SwitchesCa.class::isInstance);
    }

    @Test
    void aChangedOrderOfCasIsNoReasonToOrder() throws Exception {
        cas.pass();

        assertThat(cas.pass(TwoCas.spec(TwoCas.SITE, TwoCas.SECOND, TwoCas.FIRST), RenewalMode.DUE_ONLY))
                .isInstanceOf(RenewalResult.NotDue.class);
    }

    @Test
    void aForcedRenewalThatIsNotDueDoesNotTryTheSecondCa() throws Exception {
        cas.pass();
        cas.first.beforeCall = TwoCas.failing(Kind.RATE_LIMITED, Optional.of(Duration.ofHours(34)));

        assertThat(cas.pass(TwoCas.SPEC, RenewalMode.FORCE)).isInstanceOf(RenewalResult.ForcedRenewalFailed.class);

        assertThat(cas.second.count("newOrder")).isZero();
        assertThat(cas.progress(TwoCas.FIRST).failure()).isEmpty();
    }
}
