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
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Progress;
import org.ringcert.store.StoreException;

/** An order that an earlier attempt has left, in every state that it can be found in. */
class ResumedOrderTest {

    @TempDir
    private Path folder;

    private IssuerFixture fixture;

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(folder);
    }

    /** Leaves an order behind: without a key, or with one that the CA has a request for. */
    private URI leave(boolean withKey) throws StoreException {
        String last = withKey ? "certificate" : "respond";
        fixture.ca.beforeCall = call -> {
            if (call.startsWith(last)) {
                throw CaFaults.failure(Kind.UNREACHABLE, "gone");
            }
        };
        fixture.fails(IssuerFixture.SPEC);
        fixture.ca.beforeCall = _ -> {};
        fixture.ca.calls.clear();
        fixture.events.clear();
        assertThat(fixture.progress().order().orElseThrow().key().isPresent()).isEqualTo(withKey);
        return fixture.ca.lastOrder();
    }

    private KeyPair keptKey() throws StoreException {
        return fixture.progress().order().flatMap(Progress.PendingOrder::key).orElseThrow();
    }

    @Test
    void aPendingOneIsAnsweredAnew() throws Exception {
        URI order = leave(false);

        fixture.issues(IssuerFixture.SPEC);

        assertThat(fixture.events).startsWith(new IssuanceEvent.Resumed(order));
        assertThat(fixture.ca.count("newOrder")).isZero();
        assertThat(fixture.ca.count("respond")).isEqualTo(2);
    }

    @Test
    void aPendingOneThatTheCaIsAtWorkOnIsNotAnsweredAgain() throws Exception {
        fixture.ca.startValidation(leave(false));

        fixture.issues(IssuerFixture.SPEC);

        assertThat(fixture.ca.count("respond")).isZero();
        assertThat(fixture.ca.count("awaitValidation")).isEqualTo(2);
        assertThat(fixture.ca.orders()).hasSize(1);
    }

    @Test
    void aPendingOneThatTheCaGetsOnWithWhileItIsLookedAtIsTakenAsItIs() throws Exception {
        URI order = leave(false);
        fixture.ca.beforeCall = call -> {
            if (call.startsWith("respond") && fixture.ca.count("respond") == 1) {
                fixture.ca.startValidation(order);
            }
        };

        fixture.issues(IssuerFixture.SPEC);

        assertThat(fixture.ca.count("newOrder")).isZero();
    }

    @Test
    void aReadyOneWithoutAKeyGetsOneAndNothingIsValidatedAgain() throws Exception {
        fixture.ca.setStatus(leave(false), Status.READY);

        fixture.issues(IssuerFixture.SPEC);

        assertThat(fixture.ca.count("newOrder")).isZero();
        assertThat(fixture.ca.count("respond")).isZero();
        assertThat(fixture.ca.count("finalize")).isEqualTo(1);
    }

    @Test
    void aReadyOneKeepsTheKeyThatWasMadeForIt() throws Exception {
        URI order = leave(true);
        KeyPair key = keptKey();
        fixture.ca.setStatus(order, Status.READY);

        CertificateVersion version = fixture.issues(IssuerFixture.SPEC);

        assertThat(version.leaf().getPublicKey()).isEqualTo(key.getPublic());
        assertThat(TestIssuer.publicKey(fixture.ca.request(order).orElseThrow()))
                .isEqualTo(key.getPublic().getEncoded());
        assertThat(fixture.ca.count("respond")).isZero();
    }

    @Test
    void aProcessingOneIsWaitedFor() throws Exception {
        URI order = leave(true);
        KeyPair key = keptKey();
        fixture.ca.setStatus(order, Status.PROCESSING);

        assertThat(fixture.issues(IssuerFixture.SPEC).leaf().getPublicKey()).isEqualTo(key.getPublic());

        assertThat(fixture.ca.count("finalize")).isZero();
        assertThat(fixture.ca.count("await")).isEqualTo(1);
    }

    @Test
    void aProcessingOneThatDoesNotGetOnStaysForAsOftenAsItTakes() throws Exception {
        fixture.ca.faults.finalizationHangs = true;
        assertThat(fixture.fails(IssuerFixture.SPEC).reason()).contains("processing");
        assertThat(fixture.fails(IssuerFixture.SPEC).reason()).contains("processing");
        fixture.ca.faults.finalizationHangs = false;

        fixture.issues(IssuerFixture.SPEC);

        assertThat(fixture.ca.orders()).hasSize(1);
        assertThat(fixture.ca.count("finalize")).isEqualTo(1);
    }

    @Test
    void aValidOneIsOnlyFetched() throws Exception {
        leave(true);
        KeyPair key = keptKey();

        assertThat(fixture.issues(IssuerFixture.SPEC).leaf().getPublicKey()).isEqualTo(key.getPublic());

        assertThat(fixture.ca.calls).containsExactly("order", "authorization", "authorization", "certificate");
        assertThat(fixture.progress().order()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            names = {"PROCESSING", "VALID"})
    void oneWhoseKeyIsLostIsLeftAndOrderedAnew(Status status) throws Exception {
        URI order = leave(false);
        fixture.ca.setStatus(order, status);

        fixture.issues(IssuerFixture.SPEC);

        assertThat(fixture.events).startsWith(new IssuanceEvent.Abandoned(order, "its key is lost"));
        assertThat(fixture.ca.orders()).hasSize(2);
        assertThat(fixture.progress().invalidOrders()).isEmpty();
    }

    @Test
    void anInvalidOneIsNoFailureOfTheSiteAndIsOrderedAnewAtOnce() throws Exception {
        URI order = leave(false);
        fixture.ca.setStatus(order, Status.INVALID);

        fixture.issues(IssuerFixture.SPEC);

        assertThat(fixture.events.getFirst()).isInstanceOfSatisfying(IssuanceEvent.Abandoned.class, abandoned -> {
            assertThat(abandoned.order()).isEqualTo(order);
            assertThat(abandoned.reason()).contains("invalid");
        });
        assertThat(fixture.progress().failure()).isEmpty();
    }

    @Test
    void oneThatTheCaHasForgottenIsOrderedAnew() throws Exception {
        URI order = leave(true);
        fixture.ca.forget(order);

        fixture.issues(IssuerFixture.SPEC);

        assertThat(fixture.events.getFirst()).isInstanceOf(IssuanceEvent.Abandoned.class);
        assertThat(fixture.ca.count("newOrder")).isEqualTo(1);
    }

    /** An order that a CA has lost is 400, 401, 403, 404 or 410, each at some CA. */
    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 410})
    void oneThatTheCaRefusesToShowIsOrderedAnew(int status) throws Exception {
        URI order = leave(true);
        fixture.ca.beforeCall = call -> {
            if (call.equals("order")) {
                throw CaFaults.refusal(status, status == 400 ? "malformed" : "unauthorized", "no such order");
            }
        };

        fixture.issues(IssuerFixture.SPEC);

        assertThat(fixture.events.getFirst()).isInstanceOfSatisfying(IssuanceEvent.Abandoned.class, abandoned -> {
            assertThat(abandoned.order()).isEqualTo(order);
            assertThat(abandoned.reason()).contains("no such order");
        });
        assertThat(fixture.ca.count("newOrder")).isEqualTo(1);
        assertThat(fixture.ca.count("register")).isZero();
    }

    /** django-ca says it in its answer to the new order, and never again. */
    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            names = {"PENDING", "READY"})
    void whereItsCertificateRequestGoesIsKept(Status status) throws Exception {
        fixture.ca.faults.showsFinalizeUrlOnce = true;
        URI order = leave(false);
        fixture.ca.setStatus(order, status);

        fixture.issues(IssuerFixture.SPEC);

        assertThat(fixture.ca.orders()).containsExactly(order);
    }

    static Stream<CertificateSpec> otherWishes() {
        Site more = new Site(List.of(IssuerFixture.WWW, IssuerFixture.BARE, new HostName("more.example.org")));
        return Stream.of(
                new CertificateSpec(more, KeyType.EC256, Optional.empty()),
                new CertificateSpec(IssuerFixture.SPEC.site(), KeyType.EC384, Optional.empty()),
                new CertificateSpec(IssuerFixture.SPEC.site(), KeyType.EC256, Optional.of("tlsserver")));
    }

    @ParameterizedTest
    @MethodSource("otherWishes")
    void oneThatIsForSomethingElseIsLeft(CertificateSpec spec) throws Exception {
        URI order = leave(true);

        CertificateVersion version = fixture.issues(spec);

        assertThat(fixture.events.getFirst())
                .isInstanceOfSatisfying(
                        IssuanceEvent.Abandoned.class,
                        abandoned -> assertThat(abandoned.order()).isEqualTo(order));
        assertThat(version.names())
                .containsExactlyInAnyOrderElementsOf(spec.site().names());
        assertThat(version.keyType()).contains(spec.keyType());
    }

    @Test
    void namesInAnotherSequenceAreTheSameOrder() throws Exception {
        URI order = leave(true);

        fixture.issues(new CertificateSpec(
                new Site(List.of(IssuerFixture.WWW, IssuerFixture.BARE)), KeyType.EC256, Optional.empty()));

        assertThat(fixture.events).startsWith(new IssuanceEvent.Resumed(order));
    }

    @Test
    void oneThatCannotBeLookedAtStays() throws Exception {
        leave(true);
        fixture.ca.beforeCall = call -> {
            throw CaFaults.failure(Kind.UNREACHABLE, "no route");
        };

        assertThat(fixture.fails(IssuerFixture.SPEC).reason()).contains("no route");

        assertThat(fixture.progress().order()).isPresent();
        assertThat(fixture.progress().order().orElseThrow().key()).isPresent();
    }

    /** Cut off between the switch of the link and the word that it was done. */
    @Test
    void aCertificateThatIsInPlaceAlreadyIsNotInstalledTwice() throws Exception {
        leave(true);
        Progress before = fixture.progress();
        CertificateVersion first = fixture.issues(IssuerFixture.SPEC);
        fixture.store.saveProgress(IssuerFixture.WWW, before);

        CertificateVersion second = fixture.issues(IssuerFixture.SPEC);

        assertThat(second.directory()).isEqualTo(first.directory());
        assertThat(fixture.progress().pendingDeployment()).isPresent();
        assertThat(fixture.progress().order()).isEmpty();
        try (Stream<Path> versions = Files.list(folder.resolve("store/versions/www.example.org"))) {
            assertThat(versions).hasSize(1);
        }
    }

    /** The CA's fault or a proxy's; what is paid for is fetched again, but not for ever. */
    @Test
    void aValidOneWhoseChainCannotBeReadIsFetchedForAnHourAndThenOrderedAnew() throws Exception {
        URI order = leave(true);
        fixture.ca.beforeCall = CaFaults.failOn("certificate", Kind.INVALID_RESPONSE);
        Instant last = fixture.clock.instant().plus(Duration.ofHours(1));

        assertThat(fixture.fails(IssuerFixture.SPEC).reason())
                .contains("the test says INVALID_RESPONSE", "fetched again", "after " + last, "a new one is made");
        fixture.clock.set(last.minusSeconds(1));
        assertThat(fixture.fails(IssuerFixture.SPEC).reason()).contains("fetched again");
        assertThat(fixture.ca.orders()).containsExactly(order);
        fixture.clock.set(last);
        assertThat(fixture.fails(IssuerFixture.SPEC).reason())
                .contains("the test says INVALID_RESPONSE", order + " ", "is abandoned");
        assertThat(fixture.progress().order()).isEmpty();
        assertThat(fixture.progress().invalidOrders()).containsExactly(last);

        fixture.ca.beforeCall = _ -> {};
        fixture.issues(IssuerFixture.SPEC);
        assertThat(fixture.ca.orders()).hasSize(2);
    }

    @Test
    void theFifthInAnHourThatBecameInvalidWaitsAndSaysUntilWhen() throws Exception {
        List<URI> orders = new ArrayList<>();
        for (int i = 0; i < FailureBudget.MAX_INVALID_ORDERS; i++) {
            URI order = leave(false);
            orders.add(order);
            fixture.ca.setStatus(order, Status.INVALID);
            fixture.clock.move(Duration.ofMinutes(10));
        }
        assertThat(orders).doesNotHaveDuplicates();

        // the first was found invalid after ten minutes, the fourth after forty: it is the first that has to grow old
        Instant again = fixture.clock.instant().plus(Duration.ofMinutes(30));
        assertThat(fixture.issuer.issue(IssuerFixture.SPEC))
                .isInstanceOfSatisfying(IssuanceOutcome.Postponed.class, postponed -> {
                    assertThat(postponed.until()).isEqualTo(again);
                    assertThat(postponed.reason()).contains("4 orders", again.toString());
                });
        assertThat(fixture.ca.orders()).hasSize(FailureBudget.MAX_INVALID_ORDERS);
    }
}
