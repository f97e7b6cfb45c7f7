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
class ResumeTest {

    @TempDir
    private Path folder;

    private Bench bench;

    @BeforeEach
    void start() throws StoreException {
        bench = new Bench(folder);
    }

    /** Leaves an order behind: without a key, or with one that the CA has a request for. */
    private URI leave(boolean withKey) throws StoreException {
        String last = withKey ? "certificate" : "respond";
        bench.ca.trap = call -> {
            if (call.startsWith(last)) {
                throw FakeCa.failure(Kind.UNREACHABLE, "gone");
            }
        };
        bench.fails(Bench.WISH);
        bench.ca.trap = _ -> {};
        bench.ca.calls.clear();
        bench.steps.clear();
        assertThat(bench.progress().order().orElseThrow().key().isPresent()).isEqualTo(withKey);
        return bench.ca.lastOrder();
    }

    private KeyPair keptKey() throws StoreException {
        return bench.progress().order().flatMap(Progress.PendingOrder::key).orElseThrow();
    }

    @Test
    void aPendingOneIsAnsweredAnew() throws Exception {
        URI order = leave(false);

        bench.issues(Bench.WISH);

        assertThat(bench.steps).startsWith(new IssuanceEvent.Resumed(order));
        assertThat(bench.ca.count("newOrder")).isZero();
        assertThat(bench.ca.count("respond")).isEqualTo(2);
    }

    @Test
    void aPendingOneThatTheCaIsAtWorkOnIsNotAnsweredAgain() throws Exception {
        bench.ca.process(leave(false));

        bench.issues(Bench.WISH);

        assertThat(bench.ca.count("respond")).isZero();
        assertThat(bench.ca.count("awaitValidation")).isEqualTo(2);
        assertThat(bench.ca.orders()).hasSize(1);
    }

    @Test
    void aPendingOneThatTheCaGetsOnWithWhileItIsLookedAtIsTakenAsItIs() throws Exception {
        URI order = leave(false);
        bench.ca.trap = call -> {
            if (call.startsWith("respond") && bench.ca.count("respond") == 1) {
                bench.ca.process(order);
            }
        };

        bench.issues(Bench.WISH);

        assertThat(bench.ca.count("newOrder")).isZero();
    }

    @Test
    void aReadyOneWithoutAKeyGetsOneAndNothingIsValidatedAgain() throws Exception {
        bench.ca.put(leave(false), Status.READY);

        bench.issues(Bench.WISH);

        assertThat(bench.ca.count("newOrder")).isZero();
        assertThat(bench.ca.count("respond")).isZero();
        assertThat(bench.ca.count("finalize")).isEqualTo(1);
    }

    @Test
    void aReadyOneKeepsTheKeyThatWasMadeForIt() throws Exception {
        URI order = leave(true);
        KeyPair key = keptKey();
        bench.ca.put(order, Status.READY);

        CertificateVersion version = bench.issues(Bench.WISH);

        assertThat(version.leaf().getPublicKey()).isEqualTo(key.getPublic());
        assertThat(TestIssuer.publicKey(bench.ca.request(order).orElseThrow()))
                .isEqualTo(key.getPublic().getEncoded());
        assertThat(bench.ca.count("respond")).isZero();
    }

    @Test
    void aProcessingOneIsWaitedFor() throws Exception {
        URI order = leave(true);
        KeyPair key = keptKey();
        bench.ca.put(order, Status.PROCESSING);

        assertThat(bench.issues(Bench.WISH).leaf().getPublicKey()).isEqualTo(key.getPublic());

        assertThat(bench.ca.count("finalize")).isZero();
        assertThat(bench.ca.count("await")).isEqualTo(1);
    }

    @Test
    void aProcessingOneThatDoesNotGetOnStaysForAsOftenAsItTakes() throws Exception {
        bench.ca.stuck = true;
        assertThat(bench.fails(Bench.WISH).reason()).contains("processing");
        assertThat(bench.fails(Bench.WISH).reason()).contains("processing");
        bench.ca.stuck = false;

        bench.issues(Bench.WISH);

        assertThat(bench.ca.orders()).hasSize(1);
        assertThat(bench.ca.count("finalize")).isEqualTo(1);
    }

    @Test
    void aValidOneIsOnlyFetched() throws Exception {
        leave(true);
        KeyPair key = keptKey();

        assertThat(bench.issues(Bench.WISH).leaf().getPublicKey()).isEqualTo(key.getPublic());

        assertThat(bench.ca.calls).containsExactly("order", "authorization", "authorization", "certificate");
        assertThat(bench.progress().order()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            names = {"PROCESSING", "VALID"})
    void oneWhoseKeyIsLostIsLeftAndOrderedAnew(Status status) throws Exception {
        URI order = leave(false);
        bench.ca.put(order, status);

        bench.issues(Bench.WISH);

        assertThat(bench.steps).startsWith(new IssuanceEvent.Abandoned(order, "its key is lost"));
        assertThat(bench.ca.orders()).hasSize(2);
        assertThat(bench.progress().invalidOrders()).isEmpty();
    }

    @Test
    void anInvalidOneIsNoFailureOfTheSiteAndIsOrderedAnewAtOnce() throws Exception {
        URI order = leave(false);
        bench.ca.put(order, Status.INVALID);

        bench.issues(Bench.WISH);

        assertThat(bench.steps.getFirst()).isInstanceOfSatisfying(IssuanceEvent.Abandoned.class, abandoned -> {
            assertThat(abandoned.order()).isEqualTo(order);
            assertThat(abandoned.reason()).contains("invalid");
        });
        assertThat(bench.progress().failure()).isEmpty();
    }

    @Test
    void oneThatTheCaHasForgottenIsOrderedAnew() throws Exception {
        URI order = leave(true);
        bench.ca.forget(order);

        bench.issues(Bench.WISH);

        assertThat(bench.steps.getFirst()).isInstanceOf(IssuanceEvent.Abandoned.class);
        assertThat(bench.ca.count("newOrder")).isEqualTo(1);
    }

    /** An order that a CA has lost is 400, 401, 403, 404 or 410, each at some CA. */
    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 410})
    void oneThatTheCaRefusesToShowIsOrderedAnew(int status) throws Exception {
        URI order = leave(true);
        bench.ca.trap = call -> {
            if (call.equals("order")) {
                throw FakeCa.refusal(status, status == 400 ? "malformed" : "unauthorized", "no such order");
            }
        };

        bench.issues(Bench.WISH);

        assertThat(bench.steps.getFirst()).isInstanceOfSatisfying(IssuanceEvent.Abandoned.class, abandoned -> {
            assertThat(abandoned.order()).isEqualTo(order);
            assertThat(abandoned.reason()).contains("no such order");
        });
        assertThat(bench.ca.count("newOrder")).isEqualTo(1);
        assertThat(bench.ca.count("register")).isZero();
    }

    /** django-ca says it in its answer to the new order, and never again. */
    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            names = {"PENDING", "READY"})
    void whereItsCertificateRequestGoesIsKept(Status status) throws Exception {
        bench.ca.namesFinalizeOnce = true;
        URI order = leave(false);
        bench.ca.put(order, status);

        bench.issues(Bench.WISH);

        assertThat(bench.ca.orders()).containsExactly(order);
    }

    static Stream<CertificateSpec> otherWishes() {
        Site more = new Site(List.of(Bench.WWW, Bench.BARE, new HostName("more.example.org")));
        return Stream.of(
                new CertificateSpec(more, KeyType.EC256, Optional.empty()),
                new CertificateSpec(Bench.WISH.site(), KeyType.EC384, Optional.empty()),
                new CertificateSpec(Bench.WISH.site(), KeyType.EC256, Optional.of("tlsserver")));
    }

    @ParameterizedTest
    @MethodSource("otherWishes")
    void oneThatIsForSomethingElseIsLeft(CertificateSpec spec) throws Exception {
        URI order = leave(true);

        CertificateVersion version = bench.issues(spec);

        assertThat(bench.steps.getFirst())
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

        bench.issues(new CertificateSpec(new Site(List.of(Bench.WWW, Bench.BARE)), KeyType.EC256, Optional.empty()));

        assertThat(bench.steps).startsWith(new IssuanceEvent.Resumed(order));
    }

    @Test
    void oneThatCannotBeLookedAtStays() throws Exception {
        leave(true);
        bench.ca.trap = call -> {
            throw FakeCa.failure(Kind.UNREACHABLE, "no route");
        };

        assertThat(bench.fails(Bench.WISH).reason()).contains("no route");

        assertThat(bench.progress().order()).isPresent();
        assertThat(bench.progress().order().orElseThrow().key()).isPresent();
    }

    /** Cut off between the switch of the link and the word that it was done. */
    @Test
    void aCertificateThatIsInPlaceAlreadyIsNotInstalledTwice() throws Exception {
        leave(true);
        Progress before = bench.progress();
        CertificateVersion first = bench.issues(Bench.WISH);
        bench.store.saveProgress(Bench.WWW, before);

        CertificateVersion second = bench.issues(Bench.WISH);

        assertThat(second.directory()).isEqualTo(first.directory());
        assertThat(bench.progress().pendingDeployment()).isPresent();
        assertThat(bench.progress().order()).isEmpty();
        try (Stream<Path> versions = Files.list(folder.resolve("store/versions/www.example.org"))) {
            assertThat(versions).hasSize(1);
        }
    }

    /** The CA's fault or a proxy's; what is paid for is fetched again, but not for ever. */
    @Test
    void aValidOneWhoseChainCannotBeReadIsFetchedForAnHourAndThenOrderedAnew() throws Exception {
        URI order = leave(true);
        bench.ca.trap = FakeCa.failOn("certificate", Kind.INVALID_RESPONSE);
        Instant last = bench.clock.instant().plus(Duration.ofHours(1));

        assertThat(bench.fails(Bench.WISH).reason())
                .contains("the test says GARBLED", "fetched again", "after " + last, "another is made");
        bench.clock.set(last.minusSeconds(1));
        assertThat(bench.fails(Bench.WISH).reason()).contains("fetched again");
        assertThat(bench.ca.orders()).containsExactly(order);
        bench.clock.set(last);
        assertThat(bench.fails(Bench.WISH).reason()).contains("the test says GARBLED", order + " ", "is left");
        assertThat(bench.progress().order()).isEmpty();
        assertThat(bench.progress().invalidOrders()).containsExactly(last);

        bench.ca.trap = _ -> {};
        bench.issues(Bench.WISH);
        assertThat(bench.ca.orders()).hasSize(2);
    }

    @Test
    void theFifthInAnHourThatBecameInvalidWaitsAndSaysUntilWhen() throws Exception {
        List<URI> orders = new ArrayList<>();
        for (int i = 0; i < FailureBudget.AN_HOUR; i++) {
            URI order = leave(false);
            orders.add(order);
            bench.ca.put(order, Status.INVALID);
            bench.clock.move(Duration.ofMinutes(10));
        }
        assertThat(orders).doesNotHaveDuplicates();

        // the first was found invalid after ten minutes, the fourth after forty: it is the first that has to grow old
        Instant again = bench.clock.instant().plus(Duration.ofMinutes(30));
        assertThat(bench.issuer.issue(Bench.WISH))
                .isInstanceOfSatisfying(IssuanceOutcome.Postponed.class, postponed -> {
                    assertThat(postponed.until()).isEqualTo(again);
                    assertThat(postponed.reason()).contains("4 orders", again.toString());
                });
        assertThat(bench.ca.orders()).hasSize(FailureBudget.AN_HOUR);
    }
}
