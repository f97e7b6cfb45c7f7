package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.Authorization;
import org.ringcert.issue.CaFaults;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.issue.IssuerFixture;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Progress;
import org.ringcert.store.StoreException;

/** A node whose clock is wrong and is corrected later. */
class WrongClockTest {

    @TempDir
    private Path directory;

    private IssuerFixture fixture;
    private Renewals renewals;
    private volatile Map<CertificateName, String> deployFailures = Map.of();
    private final AtomicInteger deployments = new AtomicInteger();

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(directory);
        Deployer deployer = _ -> {
            deployments.incrementAndGet();
            return deployFailures;
        };
        renewals = new Renewals(
                fixture.store,
                List.of(fixture.issuer),
                IssuanceListener.NONE,
                CanaryView.NONE,
                OrderTurns.AT_ONCE,
                deployer,
                _ -> Optional.empty(),
                fixture.clock,
                new SecureRandom());
    }

    private List<RenewalResult> pass(RenewalMode mode) {
        return renewals.pass(List.of(IssuerFixture.SPEC), mode);
    }

    private RenewalResult pass() {
        return pass(RenewalMode.DUE_ONLY).getFirst();
    }

    private long orders() {
        return fixture.ca.calls.stream()
                .filter(call -> call.startsWith("newOrder"))
                .count();
    }

    private Instant in(Duration time) {
        return fixture.clock.instant().plus(time);
    }

    @Test
    void waitsLongerEachTimeACertificateIsDueWhenIssued() throws Exception {
        fixture.ca.notBeforeOffset = Duration.ofDays(-65);
        int expectedOrders = 0;
        for (long hours : List.of(1, 10, 100, 168, 168)) {
            Instant next = in(Duration.ofHours(hours));
            assertThat(pass()).isInstanceOfSatisfying(RenewalResult.ImplausibleDates.class, implausible -> {
                assertThat(implausible.next()).isEqualTo(next);
                assertThat(implausible.reason())
                        .contains("clock", fixture.clock.instant().toString());
            });
            assertThat(orders()).isEqualTo(++expectedOrders);
            assertThat(fixture.progress().failure().orElseThrow().reason()).contains("clock", "dates");

            fixture.clock.set(next.minusSeconds(1));
            assertThat(pass()).isInstanceOf(RenewalResult.Waiting.class);
            assertThat(renewals.wouldOrder(IssuerFixture.SPEC, RenewalMode.DUE_ONLY))
                    .isFalse();
            assertThat(orders()).isEqualTo(expectedOrders);
            fixture.clock.set(next);
        }
        assertThat(deployments).as("each of them is installed and deployed").hasValue(5);
    }

    @Test
    void acceptsSuchACertificateOnceTheClockIsCorrected() throws Exception {
        fixture.ca.notBeforeOffset = Duration.ofDays(-65);
        pass();

        fixture.clock.move(Duration.ofDays(-65));

        assertThat(pass()).isInstanceOf(RenewalResult.NotDue.class);
        assertThat(fixture.progress().failure()).isEmpty();
    }

    @Test
    void countsCertificatesDueWhenIssuedSeparatelyFromFailures() throws Exception {
        fixture.ca.validationResult = _ -> Authorization.Status.INVALID;
        pass(RenewalMode.FORCE);
        pass(RenewalMode.FORCE);
        fixture.ca.validationResult = _ -> Authorization.Status.VALID;
        fixture.ca.notBeforeOffset = Duration.ofDays(-65);

        assertThat(pass(RenewalMode.FORCE).getFirst().next()).isEqualTo(in(Duration.ofHours(1)));
        assertThat(pass(RenewalMode.FORCE).getFirst().next()).isEqualTo(in(Duration.ofHours(10)));
        fixture.ca.notBeforeOffset = Duration.ZERO;
        assertThat(pass(RenewalMode.FORCE).getFirst()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(pass()).isInstanceOf(RenewalResult.NotDue.class);
    }

    @Test
    void renewsLifetimesOfAMinuteAndAcceptsBackdatedCertificates() {
        fixture.ca.lifetime = Duration.ofMinutes(1);
        for (int i = 1; i <= 5; i++) {
            assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
            fixture.clock.move(Duration.ofSeconds(40));
        }
        assertThat(orders()).isEqualTo(5);
        fixture.ca.lifetime = Duration.ofHours(24);
        fixture.ca.notBeforeOffset = Duration.ofHours(-1);
        assertThat(pass())
                .isInstanceOfSatisfying(
                        RenewalResult.Renewed.class,
                        renewed -> assertThat(renewed.next()).isEqualTo(in(Duration.ofHours(11))));
    }

    @Test
    void reportsCertificatesThatBeginMoreThanAnHourFromNow() throws Exception {
        fixture.ca.notBeforeOffset = Duration.ofHours(3);
        assertThat(pass()).isInstanceOfSatisfying(RenewalResult.ImplausibleDates.class, implausible -> {
            assertThat(implausible.reason())
                    .contains("clock", in(Duration.ofHours(3)).toString());
            assertThat(implausible.next()).isEqualTo(in(Duration.ofHours(3).plusDays(60)));
        });
        assertThat(fixture.current().getNotBefore().toInstant()).isEqualTo(in(Duration.ofHours(3)));
        assertThat(pass()).isInstanceOf(RenewalResult.NotDue.class);

        fixture.ca.notBeforeOffset = Duration.ofHours(1);
        assertThat(pass(RenewalMode.FORCE).getFirst()).isInstanceOf(RenewalResult.Renewed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT2H", "P3D", "P400D"})
    void ignoresRefusalsFromTheFuture(Duration ahead) throws Exception {
        fixture.clock.move(ahead);
        fixture.ca.beforeCall = _ -> {
            throw CaFaults.failure(Kind.RATE_LIMITED, "too many", Optional.of(Duration.ofHours(34)));
        };
        assertThat(pass()).isInstanceOf(RenewalResult.Waiting.class);
        fixture.ca.beforeCall = _ -> {};

        fixture.clock.move(ahead.negated());

        assertThat(renewals.wouldOrder(IssuerFixture.SPEC, RenewalMode.DUE_ONLY))
                .isTrue();
        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT2H", "P3D", "P400D"})
    void ignoresFailedOrdersFromTheFuture(Duration ahead) throws Exception {
        fixture.clock.move(ahead);
        fixture.ca.validationResult = _ -> Authorization.Status.INVALID;
        for (int i = 0; i < 5; i++) {
            assertThat(pass(RenewalMode.FORCE).getFirst()).isInstanceOf(RenewalResult.Failed.class);
        }
        assertThat(orders()).isEqualTo(4);

        fixture.clock.move(ahead.negated());
        for (int i = 0; i < 5; i++) {
            assertThat(pass(RenewalMode.FORCE).getFirst()).isInstanceOf(RenewalResult.Failed.class);
        }
        assertThat(orders()).as("four invalid orders an hour are allowed").isEqualTo(8);
        assertThat(fixture.progress().failedOrders()).hasSize(4).allMatch(fixture.clock.instant()::equals);
    }

    /** The clock was right when the failure was saved, and wrong when its wait was computed. */
    @Test
    void ignoresAWaitLongerThanTheMaximum() throws Exception {
        Instant now = fixture.clock.instant();
        Progress.Failure implausible = new Progress.Failure(1, now.minusSeconds(9), now.plus(Duration.ofDays(8)), "no");
        fixture.store.saveProgress(
                CertificateName.first(IssuerFixture.WWW),
                Progress.NONE.with(fixture.progress().withFailure(implausible)));

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
    }

    @Test
    void waitsAWeekIfTheCaAsksForIt() throws Exception {
        fixture.ca.beforeCall = _ -> {
            throw CaFaults.failure(Kind.RATE_LIMITED, "too many", Optional.of(Duration.ofDays(7)));
        };
        pass();
        fixture.clock.move(Duration.ofDays(7).minusSeconds(1));
        assertThat(pass()).isInstanceOf(RenewalResult.Waiting.class);
    }

    @Test
    void retriesAFailedDeploymentFromTheFutureAtOnce() {
        deployFailures = Map.of(CertificateName.first(IssuerFixture.WWW), "apache2 is not up yet");
        fixture.clock.move(Duration.ofHours(2));
        fixture.ca.notBeforeOffset = Duration.ofHours(-2);
        assertThat(pass()).isInstanceOf(RenewalResult.NotDeployed.class);
        assertThat(pass()).isInstanceOf(RenewalResult.NotDeployed.class);
        assertThat(deployments).hasValue(1);

        fixture.clock.move(Duration.ofHours(-2));
        deployFailures = Map.of();

        assertThat(pass()).isInstanceOf(RenewalResult.NotDue.class);
        assertThat(deployments).hasValue(2);
    }

    /** Files of Ringcert 0.1.0 do not contain the time of the last attempt. */
    @Test
    void retriesADeploymentSavedByAnEarlierReleaseAtOnce() throws Exception {
        pass();
        Path file = directory.resolve("store/orders/www.example.org.json");
        Files.writeString(file, """
                {"spoiled": [], "undeployed": {"failures": 2, "next": "%s", "reason": "no"}}
                """.formatted(in(Duration.ofDays(400))));

        assertThat(pass()).isInstanceOf(RenewalResult.NotDue.class);
        assertThat(deployments).hasValue(2);
    }

    @Test
    void fetchesAnUnreadableChainForAnHourOfTheCorrectedClock() throws Exception {
        fixture.clock.move(Duration.ofDays(400));
        fixture.ca.beforeCall = call -> {
            if (call.equals("certificate")) {
                throw CaFaults.failure(Kind.INVALID_RESPONSE, "the chain cannot be read");
            }
        };
        pass();
        fixture.clock.move(Duration.ofDays(-400));
        pass(RenewalMode.FORCE);
        assertThat(fixture.progress().order()).isPresent();

        fixture.clock.move(Duration.ofHours(1));
        pass(RenewalMode.FORCE);

        assertThat(fixture.progress().order()).isEmpty();
        assertThat(orders()).isEqualTo(1);
    }
}
