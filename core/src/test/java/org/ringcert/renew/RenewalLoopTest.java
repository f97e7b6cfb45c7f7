package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.issue.CaFaults;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.issue.IssuerFixture;
import org.ringcert.issue.Preflight;
import org.ringcert.pki.KeyType;
import org.ringcert.store.StoreException;

/** The daemon's loop of passes. */
class RenewalLoopTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final CertificateSpec OTHER =
            IssuerFixture.spec(new Site(List.of(new HostName("shop.example.org"))), KeyType.EC256, Optional.empty());

    @TempDir
    private Path directory;

    private IssuerFixture fixture;
    private RenewalLoop loop;
    private final List<RenewalResult> results = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(directory);
        Renewals renewals = new Renewals(
                fixture.store,
                List.of(fixture.issuer),
                IssuanceListener.NONE,
                CanaryView.NONE,
                OrderTurns.AT_ONCE,
                _ -> Map.of(),
                _ -> Optional.empty(),
                fixture.clock,
                new SecureRandom());
        loop = new RenewalLoop(
                renewals,
                fixture.clock,
                new RenewalListener() {
                    @Override
                    public void onResult(RenewalResult result) {
                        results.add(result);
                    }
                },
                Duration.ofMillis(20));
    }

    @Test
    void completesTheCurrentPassWhenStopped() throws Exception {
        CountDownLatch ordering = new CountDownLatch(1);
        CountDownLatch resume = new CountDownLatch(1);
        fixture.ca.beforeCall = call -> {
            if (call.startsWith("awaitValidation")) {
                ordering.countDown();
                try {
                    resume.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        Thread thread = Thread.ofVirtual().start(() -> loop.run(List.of(IssuerFixture.SPEC)));
        ordering.await();
        loop.stop();
        resume.countDown();

        assertThat(thread.join(TIMEOUT)).isTrue();
        assertThat(results).hasSize(1).first().isInstanceOf(RenewalResult.Renewed.class);
    }

    @Test
    void startsTheNextPassWhenWoken() throws Exception {
        Thread thread = Thread.ofVirtual().start(() -> loop.run(List.of(IssuerFixture.SPEC)));
        await().atMost(TIMEOUT).until(() -> results.size() == 1);

        loop.wake();

        await().atMost(TIMEOUT).until(() -> results.size() == 2);
        loop.stop();
        assertThat(thread.join(TIMEOUT)).isTrue();
        assertThat(results.getLast()).isInstanceOf(RenewalResult.NotDue.class);
    }

    @Test
    void reportsEachPassAndEndsWhenInterrupted() throws Exception {
        Thread thread = Thread.ofVirtual().start(() -> loop.run(List.of(IssuerFixture.SPEC, OTHER)));

        await().atMost(TIMEOUT).until(() -> results.size() == 2);
        thread.interrupt();

        assertThat(thread.join(TIMEOUT)).isTrue();
        assertThat(results).allMatch(RenewalResult.Renewed.class::isInstance);
    }

    private Optional<RenewalResult> latest(CertificateSpec spec) {
        return results.reversed().stream()
                .filter(result -> result.name().equals(spec.name()))
                .findFirst();
    }

    private void awaitLatest(CertificateSpec spec, Class<? extends RenewalResult> type) {
        await().atMost(TIMEOUT)
                .until(() -> latest(spec).filter(type::isInstance).isPresent());
    }

    /** Makes the looks at a site hang until the returned latch is released. */
    private CountDownLatch hang(CertificateSpec spec) {
        CountDownLatch resume = new CountDownLatch(1);
        fixture.preflight = (looked, _) -> {
            if (looked.equals(spec)) {
                awaitUninterruptibly(resume);
            }
            return new Preflight.Result.Proceed();
        };
        return resume;
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void end(Thread thread) throws InterruptedException {
        loop.stop();
        assertThat(thread.join(TIMEOUT)).isTrue();
    }

    @Test
    void aSiteWhoseLookHangsDoesNotDelayTheNextAttemptOfAnother() throws Exception {
        assertThat(fixture.issuer.prepareAccount()).isEmpty();
        CountDownLatch resume = hang(IssuerFixture.SPEC);
        fixture.ca.beforeCall = CaFaults.failOn("newOrder", Kind.UNREACHABLE);
        Thread thread = Thread.ofVirtual().start(() -> loop.run(List.of(IssuerFixture.SPEC, OTHER)));
        awaitLatest(OTHER, RenewalResult.Failed.class);

        fixture.ca.beforeCall = _ -> {};
        fixture.clock.set(latest(OTHER).orElseThrow().next());

        awaitLatest(OTHER, RenewalResult.Renewed.class);
        assertThat(latest(IssuerFixture.SPEC)).as("it still hangs").isEmpty();
        resume.countDown();
        end(thread);
        assertThat(latest(IssuerFixture.SPEC).orElseThrow()).isInstanceOf(RenewalResult.Renewed.class);
    }

    @Test
    void aSiteThatCouldNotReachTheCaIsTriedAtOnceWhenTheCaHasAnsweredAnother() throws Exception {
        assertThat(fixture.issuer.prepareAccount()).isEmpty();
        CountDownLatch resume = hang(IssuerFixture.SPEC);
        fixture.ca.beforeCall = CaFaults.failOn("newOrder", Kind.UNREACHABLE);
        Thread thread = Thread.ofVirtual().start(() -> loop.run(List.of(IssuerFixture.SPEC, OTHER)));
        awaitLatest(OTHER, RenewalResult.Failed.class);

        fixture.clock.move(Duration.ofSeconds(1));
        fixture.ca.beforeCall = _ -> {};
        resume.countDown();

        awaitLatest(OTHER, RenewalResult.Renewed.class);
        assertThat(fixture.clock.instant())
                .as("its wait would not be over")
                .isBefore(results.getFirst().next());
        end(thread);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT3H", "P3D", "PT-3H", "P-400D"})
    void looksAtAllSitesWithinAMinuteAfterTheClockWasSetOrTheMachineWasSuspended(Duration step) throws Exception {
        Thread thread = Thread.ofVirtual().start(() -> loop.run(List.of(IssuerFixture.SPEC)));
        awaitLatest(IssuerFixture.SPEC, RenewalResult.Renewed.class);

        fixture.clock.move(step);

        awaitLatest(IssuerFixture.SPEC, RenewalResult.NotDue.class);
        end(thread);
    }

    @Test
    void renewsAfterAResumeWhatBecameDueDuringTheSuspend() throws Exception {
        Thread thread = Thread.ofVirtual().start(() -> loop.run(List.of(IssuerFixture.SPEC)));
        awaitLatest(IssuerFixture.SPEC, RenewalResult.Renewed.class);

        fixture.clock.set(latest(IssuerFixture.SPEC).orElseThrow().next().plus(Duration.ofDays(2)));

        await().atMost(TIMEOUT)
                .until(() -> results.stream()
                                .filter(RenewalResult.Renewed.class::isInstance)
                                .count()
                        == 2);
        end(thread);
    }

    @Test
    void runsWithoutSitesUntilInterrupted() throws Exception {
        Thread thread = Thread.ofVirtual().start(() -> loop.run(List.of()));
        thread.interrupt();
        assertThat(thread.join(TIMEOUT)).isTrue();
    }
}
