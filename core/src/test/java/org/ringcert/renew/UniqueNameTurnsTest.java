package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.RateLimitSubject;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.CaFaults;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.CertificateSpec.Source;
import org.ringcert.issue.IssuerFixture;
import org.ringcert.issue.ManualClock;
import org.ringcert.issue.Preflight;
import org.ringcert.plan.Turn;

/** Tests for which names an order takes its turn while its unique name cannot be validated. */
class UniqueNameTurnsTest {

    private static final CertificateSpec PLAIN = IssuerFixture.SPEC;
    private static final CertificateSpec SPEC = new CertificateSpec(
            PLAIN.site(), PLAIN.name(), PLAIN.sources(), Optional.of(new HostName("web0.www.example.org")));

    @TempDir
    private Path folder;

    private final List<List<HostName>> asked = new ArrayList<>();
    private final List<List<HostName>> refused = new ArrayList<>();
    private Optional<String> problem = Optional.of("It has no address.");
    private Optional<Instant> turn = Optional.empty();
    private IssuerFixture fixture;
    private ManualClock clock;
    private Renewals renewals;

    private final class Turns implements OrderTurns {

        @Override
        public Optional<Turn> pendingTurn(CertificateSpec spec, Source source, Instant now) {
            asked.add(spec.names());
            return turn.map(time ->
                    new Turn(new HostName("web0.example.org"), spec.name(), time, new Turn.Reason.AfterRefusal()));
        }

        @Override
        public void onRefusal(
                CertificateSpec spec,
                Source source,
                RateLimitSubject subject,
                Instant now,
                Instant until,
                String reason) {
            refused.add(spec.names());
        }
    }

    private final class Looks implements Preflight {

        @Override
        public Result look(CertificateSpec spec, Source source) {
            return new Result.Proceed();
        }

        @Override
        public Optional<String> uniqueNameProblem(CertificateSpec spec, Source source) {
            return problem;
        }
    }

    @BeforeEach
    void start() throws Exception {
        fixture = new IssuerFixture(folder);
        fixture.preflight = new Looks();
        clock = fixture.clock;
        renewals = new Renewals(
                fixture.store,
                List.of(fixture.issuer),
                fixture.recorder(),
                CanaryView.NONE,
                new Turns(),
                _ -> Map.of(),
                _ -> Optional.empty(),
                clock,
                new SecureRandom());
    }

    private RenewalResult pass() {
        return renewals.pass(List.of(SPEC), RenewalMode.DUE_ONLY).getFirst();
    }

    private Instant in(Duration duration) {
        return clock.instant().plus(duration);
    }

    @Test
    void theTurnIsThatOfTheNamesThatAreOrdered() {
        turn = Optional.of(in(Duration.ofHours(40)));

        RenewalResult waiting = pass();

        assertThat(asked).containsExactly(PLAIN.names());
        assertThat(((RenewalResult.Waiting) waiting).pendingWait().nextOrder()).isEqualTo(in(Duration.ofHours(40)));
        assertThat(waiting.next()).as("somebody may mend the name").isEqualTo(in(Duration.ofHours(1)));
        assertThat(pass()).isEqualTo(waiting);
        problem = Optional.empty();
        turn = Optional.empty();
        clock.move(Duration.ofHours(1));

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(asked).containsExactly(PLAIN.names(), SPEC.names());
    }

    @Test
    void aRefusalConcernsTheNamesThatWereOrderedAndIsObeyed() {
        fixture.ca.beforeCall = TwoCas.failing(Kind.RATE_LIMITED, Optional.of(Duration.ofHours(34)));

        assertThat(pass().next()).isEqualTo(in(Duration.ofHours(34)));

        assertThat(refused).containsExactly(PLAIN.names());
        clock.move(Duration.ofHours(1));
        assertThat(pass().next()).isEqualTo(in(Duration.ofHours(33)));
    }

    @Test
    void anOrderThatIsPendingAtTheCaIsContinuedAtOnce() {
        fixture.ca.beforeCall = CaFaults.failOn("finalize", Kind.UNREACHABLE);
        assertThat(pass()).isInstanceOf(RenewalResult.Failed.class);
        fixture.ca.beforeCall = _ -> {};
        turn = Optional.of(in(Duration.ofHours(40)));
        clock.move(Duration.ofMinutes(10));

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(fixture.ca.count("newOrder")).isEqualTo(1);
    }
}
