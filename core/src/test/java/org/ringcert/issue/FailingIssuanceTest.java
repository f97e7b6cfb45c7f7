package org.ringcert.issue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.Authorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.store.StoreException;

/** An issuance that fails or is interrupted: what is said, what is kept, and what the next one makes of it. */
class FailingIssuanceTest {

    @TempDir
    private Path folder;

    private Bench bench;

    @BeforeEach
    void start() throws StoreException {
        bench = new Bench(folder);
    }

    @Test
    void namesThatFailAreAllInTheMessageWithTheWordsOfTheCaAndThoseThatDidNotAreNot() throws Exception {
        bench.ca.verdict = _ -> Authorization.Status.INVALID;
        assertThat(bench.fails(Bench.WISH).reason())
                .contains("www.example.org", "nobody answered for www.example.org")
                .contains("nobody answered for example.org");

        bench.ca.verdict = name -> name.equals(Bench.BARE) ? Authorization.Status.INVALID : Authorization.Status.VALID;
        assertThat(bench.fails(Bench.WISH).reason())
                .contains("could not validate example.org", "nobody answered for example.org")
                .doesNotContain("www.example.org");
        assertThat(bench.steps).contains(new IssuanceEvent.Validated(Bench.WWW));
    }

    @Test
    void theTokensOfAFailedOrderStayForSlowViewpointsAndThenGo() throws Exception {
        bench.ca.verdict = _ -> Authorization.Status.INVALID;

        bench.fails(Bench.WISH);

        List<Token> tokens = tokens();
        assertThat(tokens)
                .hasSize(2)
                .allMatch(token -> bench.challenges.find(token).isPresent());
        assertThat(bench.progress().order()).isEmpty();
        assertThat(bench.progress().invalidOrders()).hasSize(1);
        bench.clock.move(Duration.ofSeconds(61));
        bench.challenges.removeExpired();
        assertThat(tokens).allMatch(token -> bench.challenges.find(token).isEmpty());
    }

    @Test
    void theTokensOfAnOrderThatIsStillOpenStay() throws Exception {
        bench.ca.verdict = _ -> Authorization.Status.PENDING;

        bench.fails(Bench.WISH);

        assertThat(bench.progress().order()).isPresent();
        bench.clock.move(Duration.ofHours(1));
        bench.challenges.removeExpired();
        assertThat(tokens())
                .hasSize(2)
                .allMatch(token -> bench.challenges.find(token).isPresent());
    }

    private List<Token> tokens() {
        return bench.steps.stream()
                .flatMap(step ->
                        step instanceof IssuanceEvent.Answering answering ? Stream.of(answering.token()) : Stream.of())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization", "respond", "awaitValidation", "await", "finalize", "certificate"})
    void anOrderThatTheCaDoesNotAnswerForIsTakenUpAgain(String call) throws Exception {
        for (Kind kind : List.of(Kind.UNREACHABLE, Kind.RATE_LIMITED, Kind.INVALID_RESPONSE)) {
            Bench own = new Bench(folder.resolve(kind.name()));
            own.ca.trap = FakeCa.failOn(call, kind);
            assertThat(own.fails(Bench.WISH).reason()).contains("the test says " + kind);
            assertThat(own.progress().invalidOrders()).isEmpty();
            own.ca.trap = _ -> {};

            own.issues(Bench.WISH);

            assertThat(own.ca.orders()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization", "respond", "awaitValidation", "await", "finalize", "certificate"})
    void anOrderOfWhichTheCaRefusesAPartOrHasLostItIsLeft(String call) throws Exception {
        for (Kind kind : List.of(Kind.REFUSED, Kind.NOT_FOUND)) {
            bench.ca.trap = FakeCa.failOn(call, kind);
            assertThat(bench.fails(Bench.WISH).reason()).contains("the test says " + kind);
            assertThat(bench.progress().order()).isEmpty();
        }
        bench.ca.trap = _ -> {};

        bench.issues(Bench.WISH);

        assertThat(bench.ca.orders()).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void whatTheCaAsksForIsPassedOn(Kind kind) {
        bench.ca.trap = call -> {
            throw FakeCa.failure(kind, "the test says " + kind, Optional.of(Duration.ofHours(34)));
        };

        IssuanceOutcome.Failed failed = bench.fails(Bench.WISH);

        assertThat(failed.reason()).contains("the test says " + kind);
        assertThat(failed.retryAfter()).contains(Duration.ofHours(34));
    }

    static Stream<Arguments> wrongChains() {
        return Stream.of(
                Arguments.of(
                        "another key",
                        chain((bench, chain) -> bench.ca.issuer.chain(
                                key(),
                                Bench.WISH.site().names(),
                                chain.getFirst().getNotBefore().toInstant(),
                                end(chain)))),
                Arguments.of(
                        "other names",
                        chain((bench, chain) ->
                                bench.ca.issuer.chain(publicKey(chain), List.of(Bench.WWW), start(chain), end(chain)))),
                Arguments.of(
                        "other names",
                        chain((bench, chain) -> bench.ca.issuer.chain(
                                publicKey(chain),
                                List.of(Bench.WWW, Bench.BARE, new HostName("more.example.org")),
                                start(chain),
                                end(chain)))),
                Arguments.of(
                        "expired",
                        chain((bench, chain) -> bench.ca.issuer.chain(
                                publicKey(chain),
                                Bench.WISH.site().names(),
                                start(chain).minus(Duration.ofDays(2)),
                                start(chain).minus(Duration.ofDays(1))))),
                Arguments.of("another key", chain((_, chain) -> chain.reversed())),
                Arguments.of("broken", chain((_, chain) -> List.of(chain.getFirst(), chain.getFirst()))));
    }

    interface Forger {
        List<X509Certificate> forge(Bench bench, List<X509Certificate> chain);
    }

    private static Forger chain(Forger forger) {
        return forger;
    }

    private static byte[] publicKey(List<X509Certificate> chain) {
        return chain.getFirst().getPublicKey().getEncoded();
    }

    private static byte[] key() {
        return KeyType.EC256.generate(new SecureRandom()).getPublic().getEncoded();
    }

    private static java.time.Instant start(List<X509Certificate> chain) {
        return chain.getFirst().getNotBefore().toInstant();
    }

    private static java.time.Instant end(List<X509Certificate> chain) {
        return chain.getFirst().getNotAfter().toInstant();
    }

    @ParameterizedTest
    @MethodSource("wrongChains")
    void aChainThatIsNotWhatWasOrderedIsNeverInstalled(String says, Forger forger) throws Exception {
        X509Certificate before = bench.issues(Bench.WISH).leaf();
        bench.ca.chain = chain -> forger.forge(bench, chain);

        IssuanceOutcome.Failed failed = bench.fails(Bench.WISH);

        assertThat(failed.reason()).contains(says);
        assertThat(failed.retryAfter()).as("another order would bring the same").contains(Duration.ofDays(1));
        assertThat(bench.current()).isEqualTo(before);
        assertThat(bench.progress().order()).isEmpty();
        bench.ca.chain = UnaryOperator.identity();
        assertThat(bench.issues(Bench.WISH).leaf()).isNotEqualTo(before);
    }

    @Test
    void aCertificateThatCannotBeReadIsNotFetchedAgainNorOrderedForADay() throws Exception {
        bench.ca.trap = FakeCa.failOn("certificate", Kind.UNUSABLE_CERTIFICATE);

        IssuanceOutcome.Failed failed = bench.fails(Bench.WISH);

        assertThat(failed.reason()).contains("the test says UNUSABLE", "renew --force www.example.org");
        assertThat(failed.retryAfter()).contains(Duration.ofDays(1));
        assertThat(bench.progress().order()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "register",
                "newOrder",
                "authorization",
                "respond",
                "awaitValidation",
                "await",
                "finalize",
                "certificate"
            })
    void anInterruptIsNoFailureAndTheOrderIsTakenUpAfterwards(String where) throws Exception {
        bench.ca.trap = call -> {
            if (FakeCa.method(call).equals(where)) {
                Thread.currentThread().interrupt();
                throw FakeCa.failure(Kind.UNREACHABLE, "interrupted while waiting for the CA");
            }
        };

        assertThat(interrupted(Bench.WISH)).isInstanceOf(IssuanceOutcome.Interrupted.class);

        assertThat(bench.progress().failure()).isEmpty();
        assertThat(bench.progress().invalidOrders()).isEmpty();
        int orders = bench.ca.orders().size();
        bench.ca.trap = _ -> {};
        bench.issues(Bench.WISH);
        assertThat(bench.ca.orders()).hasSize(Math.max(orders, 1));
        assertThat(bench.ca.count("register")).isEqualTo(where.equals("register") ? 2 : 1);
    }

    /** The disk, too, is not written to by a thread that is interrupted. */
    @ParameterizedTest
    @ValueSource(strings = {"authorization", "respond", "awaitValidation", "await", "finalize", "certificate"})
    void anInterruptThatTheCaDoesNotNoticeIsNoFailureEither(String where) throws Exception {
        bench.ca.trap = call -> {
            if (FakeCa.method(call).equals(where)) {
                Thread.currentThread().interrupt();
            }
        };

        IssuanceOutcome outcome = interrupted(Bench.WISH);

        assertThat(outcome).isNotInstanceOf(IssuanceOutcome.Failed.class);
        assertThat(bench.progress().failure()).isEmpty();
        assertThat(bench.progress().invalidOrders()).isEmpty();
        bench.ca.trap = _ -> {};
        bench.issues(Bench.WISH);
        assertThat(bench.ca.orders()).hasSize(1);
    }

    /** On a thread of its own, whose interrupt ends with it. */
    private IssuanceOutcome interrupted(CertificateSpec spec) throws InterruptedException {
        List<IssuanceOutcome> outcome = new CopyOnWriteArrayList<>();
        CountDownLatch passedOn = new CountDownLatch(1);
        Thread thread = Thread.ofVirtual().start(() -> {
            outcome.add(bench.issuer.issue(spec));
            if (Thread.currentThread().isInterrupted()) {
                passedOn.countDown();
            }
        });
        thread.join();
        assertThat(passedOn.getCount())
                .as("the interrupt is left for the caller")
                .isZero();
        return outcome.getFirst();
    }

    @Test
    void anAuthorizationWithoutHttp01EndsInWordsThatNameIt() throws Exception {
        bench.ca.offersHttp01 = false;

        assertThat(bench.fails(Bench.WISH).reason()).contains("http-01", "www.example.org");

        assertThat(bench.ca.count("respond")).isZero();
    }

    @Test
    void whatAListenerThrowsIsNotSwallowed() throws AcmeException {
        // a defect must not look like a failure of the CA
        Issuer throwing = new Issuer(
                bench.ca,
                bench.store,
                bench.challenges,
                Optional.empty(),
                PeerRedirects.POSSIBLE,
                bench.clock,
                new SecureRandom(),
                (_, _) -> {
                    throw new IllegalStateException("the listener's own");
                });
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> throwing.issue(Bench.WISH))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the listener's own");
    }
}
