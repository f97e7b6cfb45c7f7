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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.issue.CaFaults;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.issue.IssuerFixture;
import org.ringcert.issue.Preflight;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** Deploying and checking installed certificates, with a real store and a manual clock. */
class RolloutTest {

    private static final Site WWW = IssuerFixture.SPEC.site();
    private static final CertificateSpec OTHER =
            IssuerFixture.spec(new Site(List.of(new HostName("shop.example.org"))), KeyType.EC256, Optional.empty());
    private static final List<Long> DELAYS_IN_MINUTES = List.of(1L, 2L, 5L, 10L, 10L);

    @TempDir
    private Path directory;

    private IssuerFixture fixture;
    private final List<List<CertificateVersion>> deployments = new CopyOnWriteArrayList<>();
    private final List<CertificateVersion> checks = new CopyOnWriteArrayList<>();

    /** How the deployment of a site fails. */
    private volatile Function<HostName, Optional<String>> deployFailure = _ -> Optional.empty();

    /** What visitors get instead of the deployed certificate. */
    private volatile Optional<String> servedInstead = Optional.empty();

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(directory);
    }

    private Map<CertificateName, String> deploy(List<CertificateVersion> versions) {
        deployments.add(versions);
        return versions.stream()
                .filter(version -> deployFailure.apply(version.site()).isPresent())
                .collect(Collectors.toMap(
                        CertificateVersion::name,
                        version -> deployFailure.apply(version.site()).orElseThrow()));
    }

    private Optional<String> check(CertificateVersion version) {
        checks.add(version);
        return servedInstead;
    }

    private Renewals renewals(Deployer deployer, Duration maxRolloutDelay) {
        Rollout rollout = new Rollout(fixture.store, deployer, this::check, fixture.clock);
        return new Renewals(
                fixture.store,
                List.of(fixture.issuer),
                IssuanceListener.NONE,
                CanaryView.NONE,
                OrderTurns.AT_ONCE,
                rollout,
                new RenewalPass.Limits(maxRolloutDelay, Duration.ofDays(1)),
                fixture.clock,
                new SecureRandom());
    }

    private List<RenewalResult> pass(CertificateSpec... specs) {
        return renewals(this::deploy, Duration.ofDays(1)).pass(List.of(specs), RenewalMode.DUE_ONLY);
    }

    private Instant in(long minutes) {
        return fixture.clock.instant().plus(Duration.ofMinutes(minutes));
    }

    private static List<CertificateSpec> manySpecs(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> IssuerFixture.spec(
                        new Site(List.of(new HostName("s" + i + ".example.org"))), KeyType.EC256, Optional.empty()))
                .toList();
    }

    @Test
    void deploysAllNewCertificatesOfAPassTogetherAndNothingElse() {
        List<CertificateSpec> specs = new ArrayList<>(manySpecs(30));
        assertThat(pass(specs.toArray(CertificateSpec[]::new))).allMatch(RenewalResult.Renewed.class::isInstance);
        assertThat(deployments).hasSize(1);
        assertThat(deployments.getFirst()).hasSize(30);
        assertThat(checks).hasSize(30);

        specs.add(OTHER);
        assertThat(pass(specs.toArray(CertificateSpec[]::new))).hasSize(31);
        assertThat(deployments).hasSize(2);
        assertThat(deployments.getLast())
                .extracting(CertificateVersion::site)
                .containsExactly(OTHER.site().name());
        assertThat(checks).hasSize(31);
    }

    @Test
    void deploysWithoutWaitingForASlowOrder() {
        CountDownLatch firstDeployed = new CountDownLatch(1);
        fixture.ca.beforeCall = call -> {
            if (call.equals("newOrder shop.example.org")) {
                try {
                    firstDeployed.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        Renewals renewals = renewals(
                versions -> {
                    firstDeployed.countDown();
                    return deploy(versions);
                },
                Duration.ofMillis(1));

        List<RenewalResult> results = renewals.pass(List.of(OTHER, IssuerFixture.SPEC), RenewalMode.DUE_ONLY);

        assertThat(results).hasSize(2).allMatch(RenewalResult.Renewed.class::isInstance);
        assertThat(deployments)
                .extracting(List::size)
                .as("the slow one is deployed by itself")
                .containsExactly(1, 1);
        assertThat(deployments.getFirst().getFirst().site()).isEqualTo(WWW.name());
    }

    @Test
    void retriesAFailedDeploymentForThatSiteOnlyWithBackOffAndWithoutTheCa() throws Exception {
        deployFailure = site ->
                site.equals(WWW.name()) ? Optional.of("The deploy command failed with status 3.") : Optional.empty();
        int calls = 0;
        for (long minutes : DELAYS_IN_MINUTES) {
            Instant next = in(minutes);
            List<RenewalResult> results = pass(IssuerFixture.SPEC, OTHER);
            assertThat(results.getFirst())
                    .isEqualTo(new RenewalResult.NotDeployed(
                            CertificateName.first(WWW.name()), "The deploy command failed with status 3.", next));
            assertThat(results.getLast()).isInstanceOfAny(RenewalResult.Renewed.class, RenewalResult.NotDue.class);
            int previous = deployments.size();
            fixture.clock.set(next.minusSeconds(1));
            assertThat(pass(IssuerFixture.SPEC).getFirst()).isInstanceOf(RenewalResult.NotDeployed.class);
            assertThat(deployments).hasSize(previous);
            fixture.clock.set(next);
            calls = calls == 0 ? fixture.ca.calls.size() : calls;
        }
        assertThat(deployments.getFirst()).hasSize(2);
        assertThat(deployments.subList(1, deployments.size())).allMatch(versions -> versions.size() == 1);
        assertThat(checks)
                .extracting(CertificateVersion::site)
                .containsExactly(OTHER.site().name());

        deployFailure = _ -> Optional.empty();
        assertThat(pass(IssuerFixture.SPEC).getFirst()).isInstanceOf(RenewalResult.NotDue.class);
        assertThat(fixture.pendingDeployment()).isEmpty();
        assertThat(fixture.ca.calls).hasSize(calls);
        int previous = deployments.size();
        assertThat(pass(IssuerFixture.SPEC).getFirst()).isInstanceOf(RenewalResult.NotDue.class);
        assertThat(deployments).hasSize(previous);
    }

    /** As after a crash before the deployment: the store knows that the installed version is not deployed. */
    @Test
    void deploysLeftoverCertificatesEvenIfTheNextRenewalFailsOrWaits() throws Exception {
        fixture.issuer.issue(IssuerFixture.SPEC, IssuerFixture.SPEC.preferredSource(), Preflight.Power.MAY_POSTPONE);
        assertThat(fixture.pendingDeployment()).isPresent();
        deployFailure = _ -> Optional.of("apache2 does not reload");
        Instant renewal = pass(IssuerFixture.SPEC).getFirst().next();
        assertThat(deployments).hasSize(1);
        fixture.ca.beforeCall = _ -> {
            throw CaFaults.failure(Kind.RATE_LIMITED, "too many", Optional.of(Duration.ofDays(2)));
        };
        fixture.clock.set(renewal.plus(Duration.ofDays(80)));

        List<RenewalResult> refused = pass(IssuerFixture.SPEC);
        assertThat(refused).hasSize(2);
        assertThat(refused.getFirst()).isInstanceOf(RenewalResult.Waiting.class);
        assertThat(refused.getLast())
                .isEqualTo(new RenewalResult.NotDeployed(
                        CertificateName.first(WWW.name()), "apache2 does not reload", in(2)));
        fixture.clock.set(in(2));
        deployFailure = _ -> Optional.empty();
        assertThat(pass(IssuerFixture.SPEC)).hasSize(1).first().isInstanceOf(RenewalResult.Waiting.class);

        assertThat(deployments).hasSize(3);
        assertThat(fixture.pendingDeployment()).isEmpty();
        assertThat(fixture.progress().turn()).isPresent();
    }

    @Test
    void repeatsTheCheckWithBackOffWithoutDeployingAgain() throws Exception {
        servedInstead = Optional.of("the old one is served");
        for (long minutes : DELAYS_IN_MINUTES) {
            Instant next = in(minutes);
            assertThat(pass(IssuerFixture.SPEC))
                    .containsExactly(new RenewalResult.NotServed(
                            CertificateName.first(WWW.name()), "the old one is served", next));
            int previous = checks.size();
            fixture.clock.set(next.minusSeconds(1));
            assertThat(pass(IssuerFixture.SPEC))
                    .containsExactly(new RenewalResult.NotServed(
                            CertificateName.first(WWW.name()), "the old one is served", next));
            assertThat(checks).hasSize(previous);
            fixture.clock.set(next);
        }
        assertThat(fixture.pendingServedCheck().orElseThrow().failures()).isEqualTo(5);
        assertThat(deployments).hasSize(1);

        servedInstead = Optional.empty();
        assertThat(pass(IssuerFixture.SPEC).getFirst()).isInstanceOf(RenewalResult.NotDue.class);
        assertThat(fixture.pendingServedCheck()).isEmpty();
        int previous = checks.size();
        assertThat(pass(IssuerFixture.SPEC).getFirst()).isInstanceOf(RenewalResult.NotDue.class);
        assertThat(checks).hasSize(previous);
    }

    @Test
    void deploysAgainAfterTheBackOffIsCleared() throws Exception {
        servedInstead = Optional.of("the old one is served");
        assertThat(pass(IssuerFixture.SPEC)).first().isInstanceOf(RenewalResult.NotServed.class);
        servedInstead = Optional.empty();
        assertThat(pass(IssuerFixture.SPEC)).first().isInstanceOf(RenewalResult.NotServed.class);

        renewals(this::deploy, Duration.ofDays(1)).clearBackOff(CertificateName.first(WWW.name()));

        assertThat(pass(IssuerFixture.SPEC)).first().isInstanceOf(RenewalResult.NotDue.class);
        assertThat(deployments).hasSize(2);
    }

    @Test
    void leavesCertificatesToOthersAfterItHasStoppedDeploying() throws Exception {
        Renewals stopped = renewals(this::deploy, Duration.ofDays(1));
        fixture.ca.beforeCall = call -> {
            if (call.startsWith("certificate")) {
                stopped.stopDeploying();
            }
        };

        assertThat(stopped.pass(List.of(IssuerFixture.SPEC), RenewalMode.DUE_ONLY))
                .first()
                .isInstanceOf(RenewalResult.Renewed.class);
        assertThat(deployments).isEmpty();
        assertThat(pass(IssuerFixture.SPEC)).first().isInstanceOf(RenewalResult.NotDue.class);

        assertThat(deployments).hasSize(1);
        assertThat(checks).hasSize(1);
    }

    @Test
    void repeatsAnInterruptedDeploymentWithoutCountingAFailure() throws Exception {
        Deployer interrupted = _ -> {
            Thread.currentThread().interrupt();
            return Map.of(CertificateName.first(WWW.name()), "The deploy command was ended with the program.");
        };

        List<RenewalResult> results = new CopyOnWriteArrayList<>();
        Thread thread = Thread.ofVirtual()
                .start(() -> results.addAll(renewals(interrupted, Duration.ofDays(1))
                        .pass(List.of(IssuerFixture.SPEC), RenewalMode.DUE_ONLY)));
        thread.join();

        assertThat(results).hasSize(1).first().isInstanceOf(RenewalResult.Interrupted.class);
        assertThat(fixture.pendingDeployment().orElseThrow().failures()).isZero();
        assertThat(pass(IssuerFixture.SPEC).getFirst()).isInstanceOf(RenewalResult.NotDue.class);
        assertThat(deployments).hasSize(1);
        assertThat(checks).hasSize(1);
    }

    @Test
    void skipsLockedSitesAndReportsABugInTheDeployer() throws Exception {
        fixture.issuer.issue(IssuerFixture.SPEC, IssuerFixture.SPEC.preferredSource(), Preflight.Power.MAY_POSTPONE);
        try (Store.Lock _ = fixture.store.tryLock(WWW.name()).orElseThrow()) {
            assertThat(pass(IssuerFixture.SPEC, OTHER).getFirst()).isInstanceOf(RenewalResult.Busy.class);
        }
        assertThat(deployments.getFirst())
                .extracting(CertificateVersion::site)
                .containsExactly(OTHER.site().name());

        Deployer broken = _ -> {
            throw new IllegalStateException("unexpected null");
        };
        assertThat(renewals(broken, Duration.ofDays(1)).pass(List.of(IssuerFixture.SPEC), RenewalMode.DUE_ONLY))
                .first()
                .isInstanceOfSatisfying(
                        RenewalResult.NotDeployed.class,
                        failed -> assertThat(failed.reason()).contains("bug in Ringcert", "unexpected null"));
    }
}
