package org.ringcert.issue;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.Order.Status;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.TestIssuer;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Progress;
import org.ringcert.store.StoreException;

/** Orders left by an earlier attempt, in every state they can be in. */
class ResumedOrderTest {

    @TempDir
    private Path directory;

    private IssuerFixture fixture;

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(directory);
    }

    /** Leaves an order that has no key yet. */
    private URI leaveOrderWithoutKey() throws StoreException {
        URI order = leaveOrder("respond");
        assertThat(pendingOrder().key()).isEmpty();
        return order;
    }

    /** Leaves an order whose certificate request is at the CA. */
    private URI leaveOrderWithKey() throws StoreException {
        URI order = leaveOrder("certificate");
        assertThat(pendingOrder().key()).isPresent();
        return order;
    }

    private URI leaveOrder(String failingCall) {
        fixture.ca.beforeCall = call -> {
            if (call.startsWith(failingCall)) {
                throw CaFaults.failure(Kind.UNREACHABLE, "no answer");
            }
        };
        fixture.failToIssue(IssuerFixture.SPEC);
        fixture.ca.beforeCall = _ -> {};
        fixture.ca.calls.clear();
        fixture.events.clear();
        return fixture.ca.lastOrder();
    }

    private Progress.PendingOrder pendingOrder() throws StoreException {
        return fixture.progress().order().orElseThrow();
    }

    private KeyPair savedKey() throws StoreException {
        return pendingOrder().key().orElseThrow();
    }

    @Test
    void respondsToTheChallengesOfAPendingOrder() throws Exception {
        URI order = leaveOrderWithoutKey();

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.events).startsWith(new IssuanceEvent.Resumed(order));
        assertThat(fixture.ca.count("newOrder")).isZero();
        assertThat(fixture.ca.count("respond")).isEqualTo(2);
    }

    @Test
    void doesNotRespondAgainWhileTheCaIsValidating() throws Exception {
        fixture.ca.startValidation(leaveOrderWithoutKey());

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.count("respond")).isZero();
        assertThat(fixture.ca.count("awaitValidation")).isEqualTo(2);
        assertThat(fixture.ca.orders()).hasSize(1);
    }

    @Test
    void acceptsThatTheCaStartsValidatingMeanwhile() throws Exception {
        URI order = leaveOrderWithoutKey();
        fixture.ca.beforeCall = call -> {
            if (call.startsWith("respond") && fixture.ca.count("respond") == 1) {
                fixture.ca.startValidation(order);
            }
        };

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.count("newOrder")).isZero();
    }

    @Test
    void finalizesAReadyOrderWithoutAKey() throws Exception {
        fixture.ca.setStatus(leaveOrderWithoutKey(), Status.READY);

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.count("newOrder")).isZero();
        assertThat(fixture.ca.count("respond")).isZero();
        assertThat(fixture.ca.count("finalize")).isEqualTo(1);
    }

    @Test
    void finalizesAReadyOrderWithItsSavedKey() throws Exception {
        URI order = leaveOrderWithKey();
        KeyPair key = savedKey();
        fixture.ca.setStatus(order, Status.READY);

        CertificateVersion version = fixture.issue(IssuerFixture.SPEC);

        assertThat(version.leaf().getPublicKey()).isEqualTo(key.getPublic());
        assertThat(TestIssuer.publicKey(fixture.ca.request(order).orElseThrow()))
                .isEqualTo(key.getPublic().getEncoded());
        assertThat(fixture.ca.count("respond")).isZero();
    }

    @Test
    void waitsForAProcessingOrder() throws Exception {
        URI order = leaveOrderWithKey();
        KeyPair key = savedKey();
        fixture.ca.setStatus(order, Status.PROCESSING);

        assertThat(fixture.issue(IssuerFixture.SPEC).leaf().getPublicKey()).isEqualTo(key.getPublic());

        assertThat(fixture.ca.count("finalize")).isZero();
        assertThat(fixture.ca.count("await")).isEqualTo(1);
    }

    @Test
    void keepsAnOrderThatStaysInProcessing() throws Exception {
        fixture.ca.faults.finalizationHangs = true;
        assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason()).contains("processing");
        assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason()).contains("processing");
        fixture.ca.faults.finalizationHangs = false;

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.orders()).hasSize(1);
        assertThat(fixture.ca.count("finalize")).isEqualTo(1);
    }

    @Test
    void onlyDownloadsTheChainOfAValidOrder() throws Exception {
        leaveOrderWithKey();
        KeyPair key = savedKey();

        assertThat(fixture.issue(IssuerFixture.SPEC).leaf().getPublicKey()).isEqualTo(key.getPublic());

        assertThat(fixture.ca.calls).containsExactly("order", "authorization", "authorization", "certificate");
        assertThat(fixture.progress().order()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            names = {"PROCESSING", "VALID"})
    void replacesAnOrderWhoseKeyIsLost(Status status) throws Exception {
        URI order = leaveOrderWithoutKey();
        fixture.ca.setStatus(order, status);

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.events).startsWith(new IssuanceEvent.Abandoned(order, "its key is lost"));
        assertThat(fixture.ca.orders()).hasSize(2);
        assertThat(fixture.progress().failedOrders()).isEmpty();
    }

    @Test
    void replacesAnInvalidOrderWithoutAFailureOfTheSite() throws Exception {
        URI order = leaveOrderWithoutKey();
        fixture.ca.setStatus(order, Status.INVALID);

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.events.getFirst()).isInstanceOfSatisfying(IssuanceEvent.Abandoned.class, abandoned -> {
            assertThat(abandoned.order()).isEqualTo(order);
            assertThat(abandoned.reason()).contains("invalid");
        });
        assertThat(fixture.progress().failure()).isEmpty();
    }

    @Test
    void replacesAnOrderThatTheCaHasLost() throws Exception {
        URI order = leaveOrderWithKey();
        fixture.ca.forget(order);

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.events.getFirst()).isInstanceOf(IssuanceEvent.Abandoned.class);
        assertThat(fixture.ca.count("newOrder")).isEqualTo(1);
    }

    /** For a lost order, CAs answer 400, 401, 403, 404 or 410. */
    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 410})
    void replacesAnOrderThatTheCaRefusesToShow(int status) throws Exception {
        URI order = leaveOrderWithKey();
        fixture.ca.beforeCall = call -> {
            if (call.equals("order")) {
                throw CaFaults.refusal(status, status == 400 ? "malformed" : "unauthorized", "no such order");
            }
        };

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.events.getFirst()).isInstanceOfSatisfying(IssuanceEvent.Abandoned.class, abandoned -> {
            assertThat(abandoned.order()).isEqualTo(order);
            assertThat(abandoned.reason()).contains("no such order");
        });
        assertThat(fixture.ca.count("newOrder")).isEqualTo(1);
        assertThat(fixture.ca.count("register")).isZero();
    }

    /** django-ca sends the finalize URL only in its reply to the new order. */
    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            names = {"PENDING", "READY"})
    void savesTheFinalizeUrl(Status status) throws Exception {
        fixture.ca.faults.showsFinalizeUrlOnce = true;
        URI order = leaveOrderWithoutKey();
        fixture.ca.setStatus(order, status);

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.orders()).containsExactly(order);
    }

    static Stream<CertificateSpec> otherSpecs() {
        Site more = new Site(List.of(IssuerFixture.WWW, IssuerFixture.BARE, new HostName("more.example.org")));
        return Stream.of(
                IssuerFixture.spec(more, KeyType.EC256, Optional.empty()),
                IssuerFixture.spec(IssuerFixture.SPEC.site(), KeyType.EC384, Optional.empty()),
                IssuerFixture.spec(IssuerFixture.SPEC.site(), KeyType.EC256, Optional.of("tlsserver")));
    }

    @ParameterizedTest
    @MethodSource("otherSpecs")
    void replacesAnOrderForADifferentCertificate(CertificateSpec spec) throws Exception {
        URI order = leaveOrderWithKey();

        CertificateVersion version = fixture.issue(spec);

        assertThat(fixture.events.getFirst())
                .isInstanceOfSatisfying(
                        IssuanceEvent.Abandoned.class,
                        abandoned -> assertThat(abandoned.order()).isEqualTo(order));
        assertThat(version.names())
                .containsExactlyInAnyOrderElementsOf(spec.site().names());
        assertThat(version.keyType()).contains(spec.preferredSource().keyType());
    }

    @Test
    void ignoresTheOrderOfNames() throws Exception {
        URI order = leaveOrderWithKey();

        fixture.issue(IssuerFixture.spec(
                new Site(List.of(IssuerFixture.WWW, IssuerFixture.BARE)), KeyType.EC256, Optional.empty()));

        assertThat(fixture.events).startsWith(new IssuanceEvent.Resumed(order));
    }

    @Test
    void keepsAnOrderThatCannotBeFetched() throws Exception {
        leaveOrderWithKey();
        fixture.ca.beforeCall = call -> {
            throw CaFaults.failure(Kind.UNREACHABLE, "no route");
        };

        assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason()).contains("no route");

        assertThat(fixture.progress().order()).isPresent();
        assertThat(fixture.progress().order().orElseThrow().key()).isPresent();
    }

    /** The process ended between installing the version and saving that it is installed. */
    @Test
    void doesNotInstallACertificateTwice() throws Exception {
        leaveOrderWithKey();
        Progress unfinished = fixture.store.progress(CertificateName.first(IssuerFixture.WWW));
        CertificateVersion first = fixture.issue(IssuerFixture.SPEC);
        fixture.store.saveProgress(CertificateName.first(IssuerFixture.WWW), unfinished);

        CertificateVersion second = fixture.issue(IssuerFixture.SPEC);

        assertThat(second.directory()).isEqualTo(first.directory());
        assertThat(fixture.pendingDeployment()).isPresent();
        assertThat(fixture.progress().order()).isEmpty();
        try (Stream<Path> versions = Files.list(directory.resolve("store/versions/www.example.org"))) {
            assertThat(versions).hasSize(1);
        }
    }

    /**
     * The CA or a proxy may be at fault. The certificate counts towards the CA's limits, so its chain is fetched again.
     */
    @Test
    void fetchesAnUnreadableChainForAnHourAndThenOrdersAgain() throws Exception {
        URI order = leaveOrderWithKey();
        fixture.ca.beforeCall = CaFaults.failOn("certificate", Kind.INVALID_RESPONSE);
        Instant retryUntil = fixture.clock.instant().plus(Duration.ofHours(1));

        assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason())
                .contains(
                        "the test says INVALID_RESPONSE", "fetched again", "after " + retryUntil, "a new one is made");
        fixture.clock.set(retryUntil.minusSeconds(1));
        assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason()).contains("fetched again");
        assertThat(fixture.ca.orders()).containsExactly(order);
        fixture.clock.set(retryUntil);
        assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason())
                .contains("the test says INVALID_RESPONSE", order + " ", "is abandoned");
        assertThat(fixture.progress().order()).isEmpty();
        assertThat(fixture.progress().failedOrders()).containsExactly(retryUntil);

        fixture.ca.beforeCall = _ -> {};
        fixture.issue(IssuerFixture.SPEC);
        assertThat(fixture.ca.orders()).hasSize(2);
    }

    @Test
    void postponesTheFifthOrderAfterFourInvalidOnesWithinAnHour() throws Exception {
        List<URI> orders = new ArrayList<>();
        for (int i = 0; i < FailureBudget.STANDARD.orders(); i++) {
            URI order = leaveOrderWithoutKey();
            orders.add(order);
            fixture.ca.setStatus(order, Status.INVALID);
            fixture.clock.move(Duration.ofMinutes(10));
        }
        assertThat(orders).doesNotHaveDuplicates();

        // The first was found invalid after ten minutes, the fourth after forty. The first has to become an hour old.
        Instant nextOrder = fixture.clock.instant().plus(Duration.ofMinutes(30));
        assertThat(fixture.issuer.issue(
                        IssuerFixture.SPEC, IssuerFixture.SPEC.preferredSource(), Preflight.Power.MAY_POSTPONE))
                .isInstanceOfSatisfying(IssuanceOutcome.Postponed.class, postponed -> {
                    assertThat(postponed.until()).isEqualTo(nextOrder);
                    assertThat(postponed.reason()).contains("4 orders", nextOrder.toString());
                });
        assertThat(fixture.ca.orders()).hasSize(FailureBudget.STANDARD.orders());
    }
}
