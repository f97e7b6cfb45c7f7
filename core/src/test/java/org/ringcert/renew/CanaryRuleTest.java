package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.RenewalInfo;
import org.ringcert.issue.CaFaults;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.plan.WindowPlace;
import org.ringcert.plan.WindowShare;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.FailedTest;
import org.ringcert.store.FailedTest.Consequence;
import org.ringcert.store.RenewalSchedule;
import org.ringcert.store.Revocation;

/** What a bad certificate of the canary, or of this node, does to a renewal. */
class CanaryRuleTest {

    private static final CertificateSpec SPEC = TwoCas.spec(TwoCas.SITE, TwoCas.FIRST);
    private static final String REASON = "its chain does not lead to a trusted root";
    private static final CanarySight BAD = new CanarySight.Bad(FakeCanaries.CANARY, REASON);
    private static final CanarySight GOOD = new CanarySight.Good(FakeCanaries.CANARY);

    @TempDir
    private Path directory;

    private final FakeCanaries canaries = new FakeCanaries();
    private TwoCas cas;
    private CertificateVersion present;

    @BeforeEach
    void start() throws Exception {
        cas = new TwoCas(directory);
        cas.see(canaries);
        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
        present = cas.current();
        cas.clock.set(CertificateDates.renewalTime(present, schedule()));
    }

    private RenewalResult pass() {
        return pass(RenewalMode.DUE_ONLY);
    }

    private RenewalResult pass(RenewalMode mode) {
        return cas.pass(SPEC, mode);
    }

    private RenewalSchedule schedule() throws Exception {
        return cas.fixture.store.renewalSchedule(cas.current());
    }

    private Optional<FailedTest> failedTest() throws Exception {
        return cas.fixture.store.progress(SPEC.name()).failedTest();
    }

    private long orders() {
        return cas.first.count("newOrder");
    }

    private static FailedTest testThatIsWaitedFor(RenewalResult result) {
        assertThat(result).isInstanceOf(RenewalResult.Waiting.class);
        return ((RenewalWait.ForTest)
                        ((RenewalResult.Waiting) result).pendingWait().causes().getFirst())
                .test();
    }

    private Stream<IssuanceEvent> events(Class<? extends IssuanceEvent> type) {
        return cas.fixture.events.stream().filter(type::isInstance);
    }

    /** Moves the clock to the time when a pass is due, until a time has come. Returns the last result. */
    private RenewalResult passesUntil(Instant end) {
        RenewalResult result = pass();
        while (cas.clock.instant().isBefore(end)) {
            cas.clock.set(result.next().isBefore(end) ? result.next() : end);
            result = pass();
        }
        return result;
    }

    @Test
    void renewsAfterTheCanaryHasAGoodCertificateWithoutATestOfItsOwn() throws Exception {
        canaries.sight = GOOD;
        canaries.ownProblem = Optional.of("this is not asked");

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(cas.current().leaf()).isNotEqualTo(present.leaf());
        assertThat(canaries.tests).hasValue(0);
    }

    @Test
    void theCanaryInstallsItsCertificateWithoutATest() throws Exception {
        canaries.sight = new CanarySight.IsCanary();
        canaries.ownProblem = Optional.of("this is not asked");

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(canaries.tests).hasValue(0);
    }

    @Test
    void ordersNothingWhileTheCanarysCertificateIsBad() throws Exception {
        canaries.sight = BAD;

        FailedTest test = testThatIsWaitedFor(pass());

        assertThat(test.node()).isEqualTo(FakeCanaries.CANARY);
        assertThat(test.reason()).isEqualTo(REASON);
        assertThat(test.consequence()).isEqualTo(Consequence.ORDER_WAITS);
        assertThat(test.until()).isEqualTo(CertificateDates.whenLeft(present, 12));
        assertThat(failedTest()).contains(test);
        assertThat(orders()).isEqualTo(1);
    }

    @Test
    void looksOnceAnHourWhileItWaits() throws Exception {
        canaries.sight = BAD;
        Instant first = cas.clock.instant();
        RenewalResult result = pass();
        cas.clock.move(Duration.ofMinutes(59));
        cas.restart();
        pass();
        assertThat(canaries.looks).hasValue(1);

        cas.clock.set(result.next());
        FailedTest test = testThatIsWaitedFor(pass());

        assertThat(result.next()).isEqualTo(first.plus(Duration.ofHours(1)));
        assertThat(canaries.looks).hasValue(2);
        assertThat(test.since()).isEqualTo(first);
        assertThat(test.lastTest()).isEqualTo(cas.clock.instant());
    }

    @Test
    void renewsWhenTheCanarysCertificateIsGoodAgain() throws Exception {
        canaries.sight = BAD;
        RenewalResult result = pass();
        canaries.sight = GOOD;
        cas.clock.set(result.next());

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(failedTest()).isEmpty();
    }

    @Test
    void looksAtNothingWhileTheOrderWaitsForSomethingElse() {
        canaries.sight = GOOD;
        cas.first.beforeCall = CaFaults.failOn("newOrder", Kind.REFUSED);
        cas.clock.set(pass().next().minusSeconds(1));

        assertThat(pass()).isInstanceOf(RenewalResult.Waiting.class);
        assertThat(canaries.looks).hasValue(1);
    }

    /** A window that is over early looks like a recall. */
    @Test
    void waitsOnWhenTheWindowIsOver() throws Exception {
        canaries.sight = BAD;
        Instant start = present.notBefore().plus(present.lifetime().dividedBy(2));
        Instant end = start.plus(Duration.ofDays(2));
        cas.clock.set(start.plus(Duration.ofHours(1)));
        suggest(start, end);
        assertThat(testThatIsWaitedFor(pass()).consequence()).isEqualTo(Consequence.ORDER_WAITS);

        cas.clock.set(end.plusSeconds(1));
        suggest(start, end);

        assertThat(testThatIsWaitedFor(pass()).consequence()).isEqualTo(Consequence.ORDER_WAITS);
        assertThat(orders()).isEqualTo(1);
    }

    @Test
    void aRecallEndsTheWait() throws Exception {
        canaries.sight = BAD;
        Instant start = present.notBefore().plus(present.lifetime().dividedBy(2));
        cas.clock.set(start.plus(Duration.ofHours(1)));
        suggest(start, start.plus(Duration.ofDays(2)));
        assertThat(pass()).isInstanceOf(RenewalResult.Waiting.class);
        cas.clock.move(Duration.ofHours(5));

        suggest(start.plus(Duration.ofHours(4)), start.plus(Duration.ofHours(5)));

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
    }

    /** Lets the CA have suggested this window, in which the first second was chosen. */
    private void suggest(Instant start, Instant end) throws Exception {
        cas.fixture.store.saveRenewalSchedule(
                present,
                new RenewalSchedule(
                        Optional.of(new RenewalSchedule.Suggestion(start, end, Optional.empty(), start.plusSeconds(1))),
                        cas.clock.instant().plus(Duration.ofHours(20)),
                        0));
    }

    @Test
    void aCommandLooksAtOnce() throws Exception {
        canaries.sight = BAD;
        pass();
        canaries.sight = GOOD;

        assertThat(cas.renewals().wouldOrder(SPEC, RenewalMode.DUE_ONLY)).isFalse();
        assertThat(cas.renewals().wouldOrder(SPEC, RenewalMode.DUE_BEFORE_NEXT_RUN))
                .isTrue();
        assertThat(pass(RenewalMode.DUE_BEFORE_NEXT_RUN)).isInstanceOf(RenewalResult.Renewed.class);
    }

    @Test
    void thePlanSaysWhatItWaitsFor() throws Exception {
        canaries.sight = BAD;
        RenewalResult result = pass();

        RenewalPlan plan = cas.renewals().plan(SPEC, RenewalMode.DUE_ONLY);

        assertThat(plan.source()).isEmpty();
        assertThat(plan.pendingWait()).contains(((RenewalResult.Waiting) result).pendingWait());
        assertThat(plan.next()).isEqualTo(result.next());
    }

    @Test
    void ordersWhenATwelfthOfTheLifetimeIsLeftAndInstallsWhatPassesTheTest() throws Exception {
        canaries.sight = BAD;
        Instant twelfth = CertificateDates.whenLeft(present, 12);
        cas.clock.set(twelfth.minus(Duration.ofHours(5)));
        assertThat(passesUntil(twelfth.minusSeconds(1))).isInstanceOf(RenewalResult.Waiting.class);
        assertThat(orders()).isEqualTo(1);
        cas.clock.set(twelfth);

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(orders()).isEqualTo(2);
        assertThat(canaries.tests).hasValue(1);
        assertThat(events(IssuanceEvent.CanaryIsBad.class)).hasSize(1);
        assertThat(events(IssuanceEvent.TestPassed.class)).hasSize(1);
        assertThat(failedTest()).isEmpty();
    }

    /** Lets this node order at the last moment, and get a bad certificate. */
    private FailedTest keepABadCertificate() {
        canaries.sight = BAD;
        canaries.ownProblem = Optional.of("clients refuse it");
        cas.clock.set(CertificateDates.whenLeft(present, 12));
        return testThatIsWaitedFor(pass());
    }

    @Test
    void keepsABadCertificateAndOrdersNoOther() throws Exception {
        FailedTest test = keepABadCertificate();

        assertThat(test.node()).isEqualTo(FakeCanaries.SELF);
        assertThat(test.consequence()).isEqualTo(Consequence.INSTALLATION_WAITS);
        assertThat(test.until()).isEqualTo(CertificateDates.whenLeft(present, 48));
        assertThat(cas.current().leaf()).isEqualTo(present.leaf());
        int requests = cas.first.calls.size();
        cas.restart();
        assertThat(passesUntil(test.until().minusSeconds(1))).isInstanceOf(RenewalResult.Waiting.class);
        assertThat(cas.first.calls.subList(requests, cas.first.calls.size()))
                .isSubsetOf(List.of("renewalInfo", "directory"));
        assertThat(canaries.tests.get()).isGreaterThan(100);
    }

    @Test
    void installsTheKeptCertificateWhenItPassesItsTest() throws Exception {
        keepABadCertificate();
        canaries.ownProblem = Optional.empty();

        assertThat(pass(RenewalMode.DUE_BEFORE_NEXT_RUN)).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(orders()).isEqualTo(2);
        assertThat(cas.current().leaf()).isNotEqualTo(present.leaf());
        assertThat(cas.fixture.store.progress(SPEC.name()).authorities()).isEmpty();
        assertThat(failedTest()).isEmpty();
    }

    @Test
    void installsABadCertificateBeforeThePresentOneExpires() throws Exception {
        keepABadCertificate();
        cas.clock.set(CertificateDates.whenLeft(present, 48));

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(orders()).isEqualTo(2);
        assertThat(events(IssuanceEvent.TestFailed.class)).hasSize(1);
    }

    @Test
    void whoSawNothingLetsNoWindowPassButTestsBeforeTheSwitch() throws Exception {
        canaries.ownProblem = Optional.of("clients refuse it");

        assertThat(testThatIsWaitedFor(pass()).consequence()).isEqualTo(Consequence.INSTALLATION_WAITS);

        assertThat(orders()).isEqualTo(2);
        assertThat(cas.current().leaf()).isEqualTo(present.leaf());
    }

    @Test
    void forceOverridesBothWithAWarning() throws Exception {
        canaries.sight = BAD;
        canaries.ownProblem = Optional.of("clients refuse it");
        pass();

        assertThat(pass(RenewalMode.FORCE)).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(cas.current().leaf()).isNotEqualTo(present.leaf());
        assertThat(events(IssuanceEvent.CanaryIsBad.class)).hasSize(1);
        assertThat(events(IssuanceEvent.TestFailed.class)).hasSize(1);
    }

    @Test
    void forceInstallsAKeptCertificateWithoutAnotherOrder() throws Exception {
        keepABadCertificate();

        assertThat(pass(RenewalMode.FORCE)).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(orders()).isEqualTo(2);
    }

    @Test
    void aRevokedCertificateIsReplacedWhateverTheCanaryHas() throws Exception {
        canaries.sight = BAD;
        canaries.ownProblem = Optional.of("this is not asked");
        pass();
        cas.fixture.store.saveRevocation(
                present, Optional.of(new Revocation("superseded", cas.clock.instant(), Revocation.State.CONFIRMED)));

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(canaries.tests).hasValue(0);
    }

    @Test
    void anExpiredCertificateIsReplacedWhateverTheCanaryHas() throws Exception {
        canaries.sight = BAD;
        cas.clock.set(present.notAfter().plusSeconds(1));

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
    }

    @Test
    void theCanaryTestsWhatItPresentsAndTestsAgainUntilThatIsGood() throws Exception {
        canaries.sight = new CanarySight.IsCanary();
        canaries.servedProblem = Optional.of(REASON);
        int before = canaries.testsOfServed.get();

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);

        FailedTest test = failedTest().orElseThrow();
        assertThat(test.consequence()).isEqualTo(Consequence.OTHERS_WAIT);
        assertThat(canaries.testsOfServed).hasValue(before + 1);
        assertThat(pass()).isInstanceOf(RenewalResult.NotDue.class);
        assertThat(failedTest()).contains(test);
        cas.clock.set(test.nextTest());
        pass();
        assertThat(failedTest().orElseThrow().since()).isEqualTo(test.since());
        assertThat(events(IssuanceEvent.TestFailed.class)).hasSize(1);
        cas.clock.set(failedTest().orElseThrow().nextTest());
        canaries.servedProblem = Optional.empty();
        pass();
        assertThat(failedTest()).isEmpty();
    }

    @Test
    void asksWhoIsFirstWhenItChoosesATimeAndOnceMoreBeforeTheWindow() throws Exception {
        Instant start = cas.clock.instant().plus(Duration.ofDays(4));
        cas.first.renewalInfo = Optional.of(_ -> new RenewalInfo(
                start, start.plus(Duration.ofHours(40)), Optional.empty(), Optional.of(Duration.ofHours(6))));
        pass();
        assertThat(WindowShare.REST.contains(chosen(), start, start.plus(Duration.ofHours(40))))
                .isTrue();
        assertThat(canaries.shares).hasValue(1);
        canaries.place = new WindowPlace(WindowShare.FIRST_QUARTER, 0.3);

        while (cas.clock.instant().isBefore(start.minus(Duration.ofHours(6)))) {
            cas.clock.move(Duration.ofHours(6));
            pass();
        }

        assertThat(canaries.shares).hasValue(2);
        assertThat(WindowShare.FIRST_QUARTER.contains(chosen(), start, start.plus(Duration.ofHours(40))))
                .isTrue();
    }

    private Instant chosen() throws Exception {
        return schedule().suggestion().orElseThrow().chosen();
    }
}
