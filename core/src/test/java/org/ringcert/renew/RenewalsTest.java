package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.Authorization;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.issue.CaFaults;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.issue.IssuerFixture;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** Renewals with a real store, a fake CA and a manual clock. */
class RenewalsTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final CertificateSpec OTHER =
            IssuerFixture.spec(new Site(List.of(new HostName("shop.example.org"))), KeyType.EC256, Optional.empty());

    @TempDir
    private Path directory;

    private IssuerFixture fixture;
    private Renewals renewals;

    private final List<CertificateVersion> deployed = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(directory);
        Deployer deployer = versions -> {
            deployed.addAll(versions);
            return Map.of();
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

    private RenewalResult pass(RenewalMode mode) {
        return renewals.pass(List.of(IssuerFixture.SPEC), mode).getFirst();
    }

    private RenewalResult pass() {
        return pass(RenewalMode.DUE_ONLY);
    }

    private Instant in(Duration time) {
        return fixture.clock.instant().plus(time);
    }

    @Test
    void getsAndDeploysACertificateOnce() throws Exception {
        RenewalResult first = pass();

        assertThat(first).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(first.next()).isEqualTo(in(Duration.ofDays(60)));
        assertThat(deployed).hasSize(1);
        assertThat(deployed.getFirst().origin()).isInstanceOf(Origin.IssuedByCa.class);
        int calls = fixture.ca.calls.size();

        assertThat(pass())
                .isEqualTo(new RenewalResult.NotDue(
                        CertificateName.first(IssuerFixture.SPEC.site().name()), first.next(), first.next()));

        assertThat(fixture.ca.calls).hasSize(calls);
        assertThat(deployed).hasSize(1);
    }

    @Test
    void renewsACertificateWhenItIsDueAndNotBefore() throws Exception {
        Instant renewal = pass().next();
        X509Certificate previous = fixture.current();
        fixture.clock.set(renewal.minusSeconds(1));
        assertThat(pass()).isInstanceOf(RenewalResult.NotDue.class);

        fixture.clock.set(renewal);
        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(fixture.current()).isNotEqualTo(previous);
        assertThat(deployed).hasSize(2);
    }

    @Test
    void installsASelfSignedCertificateWithoutDeployingItIfTheCaCannotBeReached() throws Exception {
        fixture.ca.beforeCall = _ -> {
            throw CaFaults.failure(Kind.UNREACHABLE, "no route");
        };

        assertThat(pass()).isInstanceOf(RenewalResult.Failed.class);

        assertThat(fixture.store
                        .current(CertificateName.first(IssuerFixture.WWW))
                        .orElseThrow()
                        .origin())
                .isInstanceOf(Origin.SelfSigned.class);
        assertThat(deployed).isEmpty();
    }

    @Test
    void backsOffAfterConsecutiveFailuresAndForgetsThemAfterASuccess() throws Exception {
        fixture.ca.beforeCall = _ -> {
            throw CaFaults.failure(Kind.UNREACHABLE, "no route");
        };
        for (long minutes : List.of(1, 2, 5, 10, 10)) {
            Instant next = in(Duration.ofMinutes(minutes));
            RenewalResult failed = pass();
            assertThat(failed).isInstanceOf(RenewalResult.Failed.class);
            assertThat(failed.next()).isEqualTo(next);
            int calls = fixture.ca.calls.size();

            fixture.clock.set(next.minusSeconds(1));
            RenewalResult waiting = pass();
            assertThat(waiting).isInstanceOf(RenewalResult.Waiting.class);
            assertThat(waiting.next()).isEqualTo(next);
            assertThat(fixture.ca.calls).hasSize(calls);
            fixture.clock.set(next);
        }
        assertThat(fixture.progress().failure().orElseThrow().count()).isEqualTo(5);

        fixture.ca.beforeCall = _ -> {};
        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(fixture.progress().failure()).isEmpty();
    }

    @Test
    void waitsLongerIfTheCaAsksForIt() {
        fixture.ca.beforeCall = _ -> {
            throw CaFaults.failure(Kind.RATE_LIMITED, "too many certificates", Optional.of(Duration.ofHours(34)));
        };

        assertThat(pass()).isInstanceOfSatisfying(RenewalResult.Waiting.class, refused -> {
            assertThat(refused.next()).isEqualTo(in(Duration.ofHours(34)));
            assertThat(refused.pendingWait().causes())
                    .singleElement()
                    .satisfies(cause -> assertThat(cause.reason()).contains("too many certificates"));
        });

        fixture.clock.move(Duration.ofHours(33));
        assertThat(pass()).isInstanceOf(RenewalResult.Waiting.class);
    }

    @Test
    void forceDoesNotWait() {
        fixture.ca.validationResult = _ -> Authorization.Status.INVALID;
        assertThat(pass()).isInstanceOf(RenewalResult.Failed.class);
        assertThat(pass()).isInstanceOf(RenewalResult.Waiting.class);
        fixture.ca.validationResult = _ -> Authorization.Status.VALID;

        assertThat(pass(RenewalMode.FORCE)).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(pass()).isInstanceOf(RenewalResult.NotDue.class);
        assertThat(pass(RenewalMode.FORCE)).isInstanceOf(RenewalResult.Renewed.class);
    }

    @Test
    void doesNotRetryAForcedRenewalThatWasNotDue() throws Exception {
        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
        fixture.ca.validationResult = _ -> Authorization.Status.INVALID;

        assertThat(pass(RenewalMode.FORCE)).isInstanceOfSatisfying(RenewalResult.ForcedRenewalFailed.class, failed -> {
            assertThat(failed.reason()).contains("nobody answered for www.example.org");
            assertThat(failed.next()).isEqualTo(pass().next());
        });

        assertThat(fixture.progress().failure()).isEmpty();
        assertThat(pass()).isInstanceOf(RenewalResult.NotDue.class);
    }

    /** Commands ask this before they open a port for a pass. */
    @Test
    void tellsWhetherAPassWouldOrder() throws Exception {
        assertThat(renewals.wouldOrder(IssuerFixture.SPEC, RenewalMode.DUE_ONLY))
                .isTrue();
        fixture.ca.validationResult = _ -> Authorization.Status.INVALID;
        Instant next = pass().next();
        assertThat(renewals.wouldOrder(IssuerFixture.SPEC, RenewalMode.DUE_ONLY))
                .isFalse();
        assertThat(renewals.wouldOrder(IssuerFixture.SPEC, RenewalMode.FORCE)).isTrue();
        fixture.clock.set(next);
        assertThat(renewals.wouldOrder(IssuerFixture.SPEC, RenewalMode.DUE_ONLY))
                .isTrue();
        fixture.ca.validationResult = _ -> Authorization.Status.VALID;
        pass();
        assertThat(renewals.wouldOrder(IssuerFixture.SPEC, RenewalMode.DUE_ONLY))
                .isFalse();
    }

    @Test
    void doesNotWaitAfterTheBackOffIsCleared() throws Exception {
        fixture.ca.validationResult = _ -> Authorization.Status.INVALID;
        pass();
        fixture.ca.validationResult = _ -> Authorization.Status.VALID;
        try (Store.Lock _ = fixture.store.tryLock(IssuerFixture.WWW).orElseThrow()) {
            renewals.clearBackOff(
                    CertificateName.first(IssuerFixture.SPEC.site().name()));
        }
        assertThat(pass()).isInstanceOf(RenewalResult.Waiting.class);

        renewals.clearBackOff(CertificateName.first(IssuerFixture.SPEC.site().name()));

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
    }

    @Test
    void forceStaysWithinTheFailureBudgetAndKeepsTheCasExplanation() throws Exception {
        fixture.ca.validationResult = _ -> Authorization.Status.INVALID;
        Instant nextOrder = in(Duration.ofHours(1));
        for (int i = 0; i < 4; i++) {
            assertThat(pass(RenewalMode.FORCE)).isInstanceOf(RenewalResult.Failed.class);
            fixture.clock.move(Duration.ofMinutes(1));
        }
        Progress.Failure previous = fixture.progress().failure().orElseThrow();

        for (int i = 0; i < 2; i++) {
            assertThat(pass(RenewalMode.FORCE))
                    .isInstanceOfSatisfying(
                            RenewalResult.Failed.class,
                            postponed -> assertThat(postponed.reason())
                                    .contains("4 orders", nextOrder.toString(), "--force"));
        }

        assertThat(fixture.ca.orders()).hasSize(4);
        assertThat(fixture.progress().failure()).contains(previous.withNextAttempt(nextOrder));
        assertThat(previous.reason()).contains("nobody answered");
        fixture.clock.set(nextOrder);
        fixture.ca.validationResult = _ -> Authorization.Status.VALID;
        assertThat(pass(RenewalMode.FORCE)).isInstanceOf(RenewalResult.Renewed.class);
    }

    /** As Actalis is said to do with www. The certificate must not be ordered again in every pass. */
    @Test
    void acceptsNamesThatTheCaAddsAndDoesNotOrderAgainBecauseOfThem() throws Exception {
        HostName added = new HostName("added.example.org");
        fixture.ca.chain = chain -> fixture.ca.issuer.chain(
                chain.getFirst().getPublicKey().getEncoded(),
                List.of(IssuerFixture.WWW, IssuerFixture.BARE, added),
                chain.getFirst().getNotBefore().toInstant(),
                chain.getFirst().getNotAfter().toInstant());

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
        CertificateVersion version =
                fixture.store.current(CertificateName.first(IssuerFixture.WWW)).orElseThrow();
        assertThat(version.names()).contains(added);
        assertThat(version.orderedNames()).doesNotContain(added);

        assertThat(pass()).isInstanceOf(RenewalResult.NotDue.class);
        assertThat(fixture.ca.orders()).hasSize(1);
    }

    @Test
    void skipsALockedSiteAndRetriesSoon() throws Exception {
        try (Store.Lock _ = fixture.store.tryLock(IssuerFixture.WWW).orElseThrow()) {
            RenewalResult busy = pass();
            assertThat(busy).isInstanceOf(RenewalResult.Busy.class);
            assertThat(busy.next()).isBetween(fixture.clock.instant(), in(Duration.ofMinutes(1)));
            assertThat(pass(RenewalMode.FORCE)).isInstanceOf(RenewalResult.Busy.class);
        }
        assertThat(fixture.ca.orders()).isEmpty();
        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
    }

    @Test
    void ordersAtOnceWhenTheConfigurationHasChanged() {
        pass();
        CertificateSpec changed = IssuerFixture.spec(IssuerFixture.SPEC.site(), KeyType.EC384, Optional.empty());

        assertThat(renewals.pass(List.of(changed), RenewalMode.DUE_ONLY).getFirst())
                .isInstanceOfSatisfying(
                        RenewalResult.Renewed.class,
                        renewed -> assertThat(renewed.version().keyType()).contains(KeyType.EC384));
    }

    @Test
    void forgetsAFailureWhenTheConfigurationIsChangedBack() throws Exception {
        pass();
        fixture.ca.beforeCall = _ -> {
            throw CaFaults.failure(Kind.REFUSED, "there is no such profile");
        };
        CertificateSpec changed = IssuerFixture.spec(IssuerFixture.SPEC.site(), KeyType.EC256, Optional.of("no-such"));
        assertThat(renewals.pass(List.of(changed), RenewalMode.DUE_ONLY).getFirst())
                .isInstanceOf(RenewalResult.Failed.class);
        assertThat(fixture.progress().failure()).isPresent();

        assertThat(pass()).isInstanceOf(RenewalResult.NotDue.class);

        assertThat(fixture.progress().failure()).isEmpty();
    }

    @Test
    void failuresAndBugsOfOneSiteDoNotAffectAnother() {
        for (Exception thrown :
                List.of(new IllegalStateException("unexpected null"), CaFaults.failure(Kind.REFUSED, "no"))) {
            fixture.ca.beforeCall = call -> {
                if (call.equals("newOrder www.example.org")) {
                    if (thrown instanceof IllegalStateException bug) {
                        throw bug;
                    }
                    throw CaFaults.failure(Kind.REFUSED, "no");
                }
            };

            List<RenewalResult> results = renewals.pass(List.of(IssuerFixture.SPEC, OTHER), RenewalMode.FORCE);

            assertThat(results)
                    .extracting(RenewalResult::name)
                    .containsExactly(IssuerFixture.SPEC.name(), OTHER.name());
            assertThat(results.getFirst()).isInstanceOfSatisfying(RenewalResult.Failed.class, failed -> {
                assertThat(failed.reason()).contains(String.valueOf(thrown.getMessage()));
                assertThat(failed.next()).isAfterOrEqualTo(in(Duration.ofMinutes(1)));
            });
            assertThat(results.get(1)).isInstanceOf(RenewalResult.Renewed.class);
            assertThat(pass()).isInstanceOf(RenewalResult.Waiting.class);
        }
    }

    @Test
    void anInterruptEndsThePassWithoutLosingOrders() throws Exception {
        CountDownLatch waiting = new CountDownLatch(2);
        fixture.ca.beforeCall = call -> {
            if (call.startsWith("awaitValidation")) {
                waiting.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw CaFaults.failure(Kind.UNREACHABLE, "interrupted while waiting for the CA");
                }
            }
        };
        List<RenewalResult> results = new CopyOnWriteArrayList<>();
        AtomicBoolean interruptPreserved = new AtomicBoolean();
        Thread pass = Thread.ofVirtual().start(() -> {
            results.addAll(renewals.pass(List.of(IssuerFixture.SPEC, OTHER), RenewalMode.DUE_ONLY));
            interruptPreserved.set(Thread.currentThread().isInterrupted());
        });
        waiting.await();
        pass.interrupt();
        assertThat(pass.join(TIMEOUT)).isTrue();

        assertThat(results).hasSize(2).allMatch(RenewalResult.Interrupted.class::isInstance);
        assertThat(interruptPreserved).isTrue();
        assertThat(fixture.progress().failure()).isEmpty();
        assertThat(fixture.progress().order()).isPresent();
        fixture.ca.beforeCall = _ -> {};
        assertThat(renewals.pass(List.of(IssuerFixture.SPEC, OTHER), RenewalMode.DUE_ONLY))
                .allMatch(RenewalResult.Renewed.class::isInstance);
        assertThat(fixture.ca.orders()).hasSize(2);
    }

    @Test
    void reportsDamagedFilesOfOneSiteWithARemedy() throws Exception {
        renewals.pass(List.of(IssuerFixture.SPEC, OTHER), RenewalMode.DUE_ONLY);
        Path key = fixture.store
                .current(CertificateName.first(IssuerFixture.WWW))
                .orElseThrow()
                .directory()
                .resolve("privkey.pem");
        Files.writeString(key, "no key");

        List<RenewalResult> results = renewals.pass(List.of(IssuerFixture.SPEC, OTHER), RenewalMode.DUE_ONLY);

        assertThat(results.getFirst())
                .isInstanceOfSatisfying(
                        RenewalResult.Failed.class,
                        failed -> assertThat(failed.reason()).contains(key.toString(), "delete the link"));
        assertThat(results.get(1)).isInstanceOf(RenewalResult.NotDue.class);
    }
}
