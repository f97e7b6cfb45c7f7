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
import org.ringcert.issue.IssuerFixture;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** From the disk to the visitors, on a real store, with a clock that stands until it is moved. */
class RolloutTest {

    private static final Site WWW = IssuerFixture.SPEC.site();
    private static final CertificateSpec OTHER =
            new CertificateSpec(new Site(List.of(new HostName("shop.example.org"))), KeyType.EC256, Optional.empty());
    private static final List<Long> TABLE = List.of(1L, 10L, 100L, 1440L, 1440L);

    @TempDir
    private Path folder;

    private IssuerFixture fixture;
    private final List<List<CertificateVersion>> told = new CopyOnWriteArrayList<>();
    private final List<CertificateVersion> looked = new CopyOnWriteArrayList<>();

    /** How the server cannot be told. */
    private volatile Function<HostName, Optional<String>> trouble = _ -> Optional.empty();

    /** What visitors get instead. */
    private volatile Optional<String> another = Optional.empty();

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(folder);
    }

    private Map<HostName, String> deploy(List<CertificateVersion> versions) {
        told.add(versions);
        return versions.stream()
                .filter(version -> trouble.apply(version.site()).isPresent())
                .collect(Collectors.toMap(
                        CertificateVersion::site,
                        version -> trouble.apply(version.site()).orElseThrow()));
    }

    private Optional<String> look(CertificateVersion version) {
        looked.add(version);
        return another;
    }

    private Renewals renewals(Deployer deployer, Duration together) {
        Rollout rollout = new Rollout(fixture.store, deployer, this::look, fixture.clock);
        return new Renewals(fixture.store, fixture.issuer, rollout, together, fixture.clock, new SecureRandom());
    }

    private List<RenewalResult> pass(CertificateSpec... specs) {
        return renewals(this::deploy, Duration.ofDays(1)).pass(List.of(specs), RenewalMode.DUE_ONLY);
    }

    private Instant in(long minutes) {
        return fixture.clock.instant().plus(Duration.ofMinutes(minutes));
    }

    private static List<CertificateSpec> many(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new CertificateSpec(
                        new Site(List.of(new HostName("s" + i + ".example.org"))), KeyType.EC256, Optional.empty()))
                .toList();
    }

    @Test
    void theServerIsToldOnceOfAllThatAPassRenewedAndNotOfWhatHasNotChanged() {
        List<CertificateSpec> specs = new ArrayList<>(many(30));
        assertThat(pass(specs.toArray(CertificateSpec[]::new))).allMatch(RenewalResult.Renewed.class::isInstance);
        assertThat(told).hasSize(1);
        assertThat(told.getFirst()).hasSize(30);
        assertThat(looked).hasSize(30);

        specs.add(OTHER);
        assertThat(pass(specs.toArray(CertificateSpec[]::new))).hasSize(31);
        assertThat(told).hasSize(2);
        assertThat(told.getLast())
                .extracting(CertificateVersion::site)
                .containsExactly(OTHER.site().name());
        assertThat(looked).hasSize(31);
    }

    @Test
    void oneThatHangsHoldsTheOthersUpForSoLongAndNoLonger() {
        CountDownLatch deployed = new CountDownLatch(1);
        fixture.ca.beforeCall = call -> {
            if (call.equals("newOrder shop.example.org")) {
                try {
                    deployed.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        Renewals renewals = renewals(
                versions -> {
                    deployed.countDown();
                    return deploy(versions);
                },
                Duration.ofMillis(1));

        List<RenewalResult> results = renewals.pass(List.of(OTHER, IssuerFixture.SPEC), RenewalMode.DUE_ONLY);

        assertThat(results).hasSize(2).allMatch(RenewalResult.Renewed.class::isInstance);
        assertThat(told)
                .extracting(List::size)
                .as("the one that hung was told of by itself")
                .containsExactly(1, 1);
        assertThat(told.getFirst().getFirst().site()).isEqualTo(WWW.name());
    }

    @Test
    void whatFailsForOneIsToldAgainForThatOneByTheTableAndTheCaIsLeftAlone() throws Exception {
        trouble = site ->
                site.equals(WWW.name()) ? Optional.of("The deploy command failed with status 3.") : Optional.empty();
        int calls = 0;
        for (long minutes : TABLE) {
            Instant next = in(minutes);
            List<RenewalResult> results = pass(IssuerFixture.SPEC, OTHER);
            assertThat(results.getFirst())
                    .isEqualTo(new RenewalResult.NotDeployed(WWW, "The deploy command failed with status 3.", next));
            assertThat(results.getLast()).isInstanceOfAny(RenewalResult.Renewed.class, RenewalResult.NotDue.class);
            int before = told.size();
            fixture.clock.set(next.minusSeconds(1));
            assertThat(pass(IssuerFixture.SPEC).getFirst()).isInstanceOf(RenewalResult.NotDeployed.class);
            assertThat(told).hasSize(before);
            fixture.clock.set(next);
            calls = calls == 0 ? fixture.ca.calls.size() : calls;
        }
        assertThat(told.getFirst()).hasSize(2);
        assertThat(told.subList(1, told.size())).allMatch(versions -> versions.size() == 1);
        assertThat(looked)
                .extracting(CertificateVersion::site)
                .containsExactly(OTHER.site().name());

        trouble = _ -> Optional.empty();
        assertThat(pass(IssuerFixture.SPEC).getFirst()).isInstanceOf(RenewalResult.NotDue.class);
        assertThat(fixture.progress().pendingDeployment()).isEmpty();
        assertThat(fixture.ca.calls).hasSize(calls);
        int before = told.size();
        assertThat(pass(IssuerFixture.SPEC).getFirst()).isInstanceOf(RenewalResult.NotDue.class);
        assertThat(told).hasSize(before);
    }

    /** As after a crash between the two: what is installed is on disk, and that the server does not know. */
    @Test
    void whatWasInstalledAndNotToldIsToldByTheNextPassAlsoWhereTheNextRenewalFailsOrWaits() throws Exception {
        fixture.issuer.issue(IssuerFixture.SPEC);
        assertThat(fixture.progress().pendingDeployment()).isPresent();
        trouble = _ -> Optional.of("apache2 is ill");
        Instant renewal = pass(IssuerFixture.SPEC).getFirst().next();
        assertThat(told).hasSize(1);
        fixture.ca.beforeCall = _ -> {
            throw CaFaults.failure(Kind.RATE_LIMITED, "too many", Optional.of(Duration.ofDays(2)));
        };
        fixture.clock.set(renewal.plus(Duration.ofDays(80)));

        List<RenewalResult> failed = pass(IssuerFixture.SPEC);
        assertThat(failed).hasSize(2);
        assertThat(failed.getFirst()).isInstanceOf(RenewalResult.Failed.class);
        assertThat(failed.getLast()).isEqualTo(new RenewalResult.NotDeployed(WWW, "apache2 is ill", in(10)));
        fixture.clock.set(in(10));
        trouble = _ -> Optional.empty();
        assertThat(pass(IssuerFixture.SPEC)).hasSize(1).first().isInstanceOf(RenewalResult.Waiting.class);

        assertThat(told).hasSize(3);
        assertThat(fixture.progress().pendingDeployment()).isEmpty();
        assertThat(fixture.progress().failure()).isPresent();
    }

    @Test
    void anOldCertificateThatIsStillServedIsSaidAndLookedAtByTheTableUntilItIsRightWithoutTellingAgain()
            throws Exception {
        another = Optional.of("the old one is served");
        for (long minutes : TABLE) {
            Instant next = in(minutes);
            assertThat(pass(IssuerFixture.SPEC))
                    .containsExactly(new RenewalResult.NotServed(WWW, "the old one is served", next));
            int before = looked.size();
            fixture.clock.set(next.minusSeconds(1));
            assertThat(pass(IssuerFixture.SPEC))
                    .containsExactly(new RenewalResult.NotServed(WWW, "the old one is served", next));
            assertThat(looked).hasSize(before);
            fixture.clock.set(next);
        }
        assertThat(fixture.progress().pendingServedCheck().orElseThrow().failures())
                .isEqualTo(5);
        assertThat(told).hasSize(1);

        another = Optional.empty();
        assertThat(pass(IssuerFixture.SPEC).getFirst()).isInstanceOf(RenewalResult.NotDue.class);
        assertThat(fixture.progress().pendingServedCheck()).isEmpty();
        int before = looked.size();
        assertThat(pass(IssuerFixture.SPEC).getFirst()).isInstanceOf(RenewalResult.NotDue.class);
        assertThat(looked).hasSize(before);
    }

    @Test
    void whatWasNotDeployedOrNotServedIsToldAgainWhereTheCauseMayBeGone() throws Exception {
        another = Optional.of("the old one is served");
        assertThat(pass(IssuerFixture.SPEC)).first().isInstanceOf(RenewalResult.NotServed.class);
        another = Optional.empty();
        assertThat(pass(IssuerFixture.SPEC)).first().isInstanceOf(RenewalResult.NotServed.class);

        renewals(this::deploy, Duration.ofDays(1)).clearBackOff(WWW);

        assertThat(pass(IssuerFixture.SPEC)).first().isInstanceOf(RenewalResult.NotDue.class);
        assertThat(told).hasSize(2);
    }

    @Test
    void whatIsHandedOverIsDeployedByWhoeverComesAfter() throws Exception {
        Renewals before = renewals(this::deploy, Duration.ofDays(1));
        fixture.ca.beforeCall = call -> {
            if (call.startsWith("certificate")) {
                before.stopDeploying();
            }
        };

        assertThat(before.pass(List.of(IssuerFixture.SPEC), RenewalMode.DUE_ONLY))
                .first()
                .isInstanceOf(RenewalResult.Renewed.class);
        assertThat(told).isEmpty();
        assertThat(pass(IssuerFixture.SPEC)).first().isInstanceOf(RenewalResult.NotDue.class);

        assertThat(told).hasSize(1);
        assertThat(looked).hasSize(1);
    }

    @Test
    void aCommandThatIsCutOffWithTheProgramHasNotFailedAndTheNextPassTellsTheServer() throws Exception {
        Deployer cutOff = _ -> {
            Thread.currentThread().interrupt();
            return Map.of(WWW.name(), "The deploy command was ended with the program.");
        };

        List<RenewalResult> results = new CopyOnWriteArrayList<>();
        Thread thread = Thread.ofVirtual()
                .start(() -> results.addAll(
                        renewals(cutOff, Duration.ofDays(1)).pass(List.of(IssuerFixture.SPEC), RenewalMode.DUE_ONLY)));
        thread.join();

        assertThat(results).hasSize(1).first().isInstanceOf(RenewalResult.Interrupted.class);
        assertThat(fixture.progress().pendingDeployment().orElseThrow().failures())
                .isZero();
        assertThat(pass(IssuerFixture.SPEC).getFirst()).isInstanceOf(RenewalResult.NotDue.class);
        assertThat(told).hasSize(1);
        assertThat(looked).hasSize(1);
    }

    @Test
    void aSiteThatAnotherHasInWorkIsLeftToHimAndADefectOfADeployerIsAFailureOfItsOwn() throws Exception {
        fixture.issuer.issue(IssuerFixture.SPEC);
        try (Store.Lock _ = fixture.store.tryLock(WWW.name()).orElseThrow()) {
            assertThat(pass(IssuerFixture.SPEC, OTHER).getFirst()).isInstanceOf(RenewalResult.Busy.class);
        }
        assertThat(told.getFirst())
                .extracting(CertificateVersion::site)
                .containsExactly(OTHER.site().name());

        Deployer broken = _ -> {
            throw new IllegalStateException("a null where none belongs");
        };
        assertThat(renewals(broken, Duration.ofDays(1)).pass(List.of(IssuerFixture.SPEC), RenewalMode.DUE_ONLY))
                .first()
                .isInstanceOfSatisfying(
                        RenewalResult.NotDeployed.class,
                        failed -> assertThat(failed.reason()).contains("defect", "a null where none belongs"));
    }
}
