package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.acme.RenewalInfo;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Progress;
import org.ringcert.store.RenewalSchedule;

/** What a pass would do, and what a command does that cannot wait for the chosen time. */
class RenewalPlanTest {

    @TempDir
    private Path folder;

    private TwoCas cas;

    @BeforeEach
    void start() throws Exception {
        cas = new TwoCas(folder);
    }

    private RenewalPlan plan(RenewalMode mode) throws Exception {
        return RenewalPlan.of(TwoCas.SPEC, cas.fixture.store, mode, cas.clock.instant());
    }

    private Instant in(Duration time) {
        return cas.clock.instant().plus(time);
    }

    private void failAtTheFirst(Progress.Failure failure) throws Exception {
        cas.fixture.store.saveProgress(
                CertificateName.first(TwoCas.SITE.name()),
                Progress.NONE.with(Progress.NONE.at(TwoCas.FIRST).withFailure(failure)));
    }

    @Test
    void namesTheFirstCaAndTheReason() throws Exception {
        RenewalPlan plan = plan(RenewalMode.DUE_ONLY);

        assertThat(plan.source()).contains(TwoCas.SPEC.preferredSource());
        assertThat(plan.fallback()).isEmpty();
        assertThat(plan.due()).isEqualTo(new Due.Now("there is no certificate yet", Due.Urgency.URGENT));
        assertThat(plan.next()).isEqualTo(cas.clock.instant());
    }

    @Test
    void namesTheSecondCaAndWhyWhileTheFirstIsDown() throws Exception {
        Instant began = cas.clock.instant().minus(Duration.ofHours(2));
        failAtTheFirst(new Progress.Failure(3, cas.clock.instant(), in(Duration.ofHours(1)), "no route")
                .withOutage(Optional.of(new Progress.Outage(began, 3, Duration.ZERO))));

        RenewalPlan plan = plan(RenewalMode.DUE_ONLY);

        assertThat(plan.source()).contains(TwoCas.SPEC.sources().getLast());
        assertThat(plan.fallback()).contains(new Fallback(TwoCas.FIRST, "has failed since " + began + ": no route"));
    }

    @Test
    void waitsAfterAFailureUnlessItIsForced() throws Exception {
        failAtTheFirst(new Progress.Failure(1, cas.clock.instant(), in(Duration.ofMinutes(1)), "no route"));

        assertThat(plan(RenewalMode.DUE_ONLY).source()).isEmpty();
        assertThat(plan(RenewalMode.DUE_ONLY).next()).isEqualTo(in(Duration.ofMinutes(1)));
        assertThat(plan(RenewalMode.FORCE).source()).contains(TwoCas.SPEC.preferredSource());
    }

    @Test
    void aCertificateThatIsNotDueIsOrderedByForceOnly() throws Exception {
        cas.pass();

        RenewalPlan plan = plan(RenewalMode.DUE_ONLY);

        assertThat(plan.source()).isEmpty();
        assertThat(plan.due()).isEqualTo(new Due.Later(plan.next()));
        assertThat(plan.next()).isAfter(in(Duration.ofDays(30)));
        assertThat(plan(RenewalMode.FORCE).source()).contains(TwoCas.SPEC.preferredSource());
    }

    /** The window begins after 80 hours. Runs come at the given time, and two hours before and after. */
    @ParameterizedTest
    @CsvSource({"PT79H, PT81H, false", "PT80H, PT81H, true", "PT80H, PT82H30M, false", "PT81H, PT82H30M, true"})
    void aRunOrdersWhatIsDueBeforeTheNextOneButNothingBeforeTheWindow(Duration run, Duration chosen, boolean ordered)
            throws Exception {
        cas.first.lifetime = Duration.ofHours(160);
        Instant start = in(Duration.ofHours(80));
        cas.first.renewalInfo = Optional.of(_ -> new RenewalInfo(
                start, start.plus(Duration.ofHours(3)), Optional.empty(), Optional.of(Duration.ofDays(1))));
        Instant choice = in(chosen);
        Instant time = in(run);
        cas.pass();
        RenewalSchedule schedule = cas.fixture.store.renewalSchedule(cas.current());
        cas.clock.set(time);
        cas.fixture.store.saveRenewalSchedule(
                cas.current(),
                new RenewalSchedule(
                        schedule.suggestion().map(it -> it.withChosen(choice)), in(Duration.ofHours(12)), 0));

        assertThat(plan(RenewalMode.DUE_BEFORE_NEXT_RUN).source().isPresent()).isEqualTo(ordered);
        assertThat(cas.renewals().wouldOrder(TwoCas.SPEC, RenewalMode.DUE_BEFORE_NEXT_RUN))
                .isEqualTo(ordered);
        assertThat(plan(RenewalMode.DUE_ONLY).source()).as("the daemon waits").isEmpty();
        RenewalResult result = cas.pass(TwoCas.SPEC, RenewalMode.DUE_BEFORE_NEXT_RUN);
        if (!ordered) {
            Instant shown = plan(RenewalMode.DUE_ONLY).next();
            assertThat(plan(RenewalMode.DUE_BEFORE_NEXT_RUN).next())
                    .as("the chosen time, as in the status")
                    .isEqualTo(shown);
            assertThat(result)
                    .isInstanceOfSatisfying(
                            RenewalResult.NotDue.class,
                            notDue -> assertThat(notDue.renewal()).isEqualTo(shown));
        }
        assertThat(cas.first.count("newOrder")).isEqualTo(ordered ? 2 : 1);
    }

    @Test
    void aWaitNamesTheCaOnlyIfThereAreSeveral() throws Exception {
        failAtTheFirst(new Progress.Failure(1, cas.clock.instant(), in(Duration.ofMinutes(1)), "no route"));

        assertThat(cas.pass())
                .isInstanceOfSatisfying(
                        RenewalResult.Waiting.class,
                        waiting -> assertThat(waiting.pendingWait()
                                        .causes()
                                        .getFirst()
                                        .ca())
                                .contains(TwoCas.FIRST));
        assertThat(cas.pass(TwoCas.spec(TwoCas.SITE, TwoCas.FIRST), RenewalMode.DUE_ONLY))
                .isInstanceOfSatisfying(
                        RenewalResult.Waiting.class,
                        waiting -> assertThat(waiting.pendingWait()
                                        .causes()
                                        .getFirst()
                                        .ca())
                                .isEmpty());
    }
}
