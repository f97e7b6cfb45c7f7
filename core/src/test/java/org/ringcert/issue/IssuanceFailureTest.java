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
class IssuanceFailureTest {

    @TempDir
    private Path folder;

    private IssuerFixture fixture;

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(folder);
    }

    @Test
    void namesThatFailAreAllInTheMessageWithTheWordsOfTheCaAndThoseThatDidNotAreNot() throws Exception {
        fixture.ca.validationResult = _ -> Authorization.Status.INVALID;
        assertThat(fixture.fails(IssuerFixture.SPEC).reason())
                .contains("www.example.org", "nobody answered for www.example.org")
                .contains("nobody answered for example.org");

        fixture.ca.validationResult =
                name -> name.equals(IssuerFixture.BARE) ? Authorization.Status.INVALID : Authorization.Status.VALID;
        assertThat(fixture.fails(IssuerFixture.SPEC).reason())
                .contains("could not validate example.org", "nobody answered for example.org")
                .doesNotContain("www.example.org");
        assertThat(fixture.events).contains(new IssuanceEvent.Validated(IssuerFixture.WWW));
    }

    @Test
    void theTokensOfAFailedOrderStayForSlowViewpointsAndThenGo() throws Exception {
        fixture.ca.validationResult = _ -> Authorization.Status.INVALID;

        fixture.fails(IssuerFixture.SPEC);

        List<Token> tokens = tokens();
        assertThat(tokens)
                .hasSize(2)
                .allMatch(token -> fixture.challenges.find(token).isPresent());
        assertThat(fixture.progress().order()).isEmpty();
        assertThat(fixture.progress().invalidOrders()).hasSize(1);
        fixture.clock.move(Duration.ofSeconds(61));
        fixture.challenges.removeExpired();
        assertThat(tokens).allMatch(token -> fixture.challenges.find(token).isEmpty());
    }

    @Test
    void theTokensOfAnOrderThatIsStillOpenStay() throws Exception {
        fixture.ca.validationResult = _ -> Authorization.Status.PENDING;

        fixture.fails(IssuerFixture.SPEC);

        assertThat(fixture.progress().order()).isPresent();
        fixture.clock.move(Duration.ofHours(1));
        fixture.challenges.removeExpired();
        assertThat(tokens())
                .hasSize(2)
                .allMatch(token -> fixture.challenges.find(token).isPresent());
    }

    private List<Token> tokens() {
        return fixture.events.stream()
                .flatMap(step ->
                        step instanceof IssuanceEvent.Answering answering ? Stream.of(answering.token()) : Stream.of())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization", "respond", "awaitValidation", "await", "finalize", "certificate"})
    void anOrderThatTheCaDoesNotAnswerForIsTakenUpAgain(String call) throws Exception {
        for (Kind kind : List.of(Kind.UNREACHABLE, Kind.RATE_LIMITED, Kind.INVALID_RESPONSE)) {
            IssuerFixture own = new IssuerFixture(folder.resolve(kind.name()));
            own.ca.beforeCall = CaFaults.failOn(call, kind);
            assertThat(own.fails(IssuerFixture.SPEC).reason()).contains("the test says " + kind);
            assertThat(own.progress().invalidOrders()).isEmpty();
            own.ca.beforeCall = _ -> {};

            own.issues(IssuerFixture.SPEC);

            assertThat(own.ca.orders()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization", "respond", "awaitValidation", "await", "finalize", "certificate"})
    void anOrderOfWhichTheCaRefusesAPartOrHasLostItIsLeft(String call) throws Exception {
        for (Kind kind : List.of(Kind.REFUSED, Kind.NOT_FOUND)) {
            fixture.ca.beforeCall = CaFaults.failOn(call, kind);
            assertThat(fixture.fails(IssuerFixture.SPEC).reason()).contains("the test says " + kind);
            assertThat(fixture.progress().order()).isEmpty();
        }
        fixture.ca.beforeCall = _ -> {};

        fixture.issues(IssuerFixture.SPEC);

        assertThat(fixture.ca.orders()).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void whatTheCaAsksForIsPassedOn(Kind kind) {
        fixture.ca.beforeCall = call -> {
            throw CaFaults.failure(kind, "the test says " + kind, Optional.of(Duration.ofHours(34)));
        };

        IssuanceOutcome.Failed failed = fixture.fails(IssuerFixture.SPEC);

        assertThat(failed.reason()).contains("the test says " + kind);
        assertThat(failed.retryAfter()).contains(Duration.ofHours(34));
    }

    static Stream<Arguments> wrongChains() {
        return Stream.of(
                Arguments.of(
                        "different key",
                        chain((fixture, chain) -> fixture.ca.issuer.chain(
                                key(),
                                IssuerFixture.SPEC.site().names(),
                                chain.getFirst().getNotBefore().toInstant(),
                                end(chain)))),
                Arguments.of(
                        "different names",
                        chain((fixture, chain) -> fixture.ca.issuer.chain(
                                publicKey(chain), List.of(IssuerFixture.WWW), start(chain), end(chain)))),
                Arguments.of(
                        "different names",
                        chain((fixture, chain) -> fixture.ca.issuer.chain(
                                publicKey(chain),
                                List.of(IssuerFixture.WWW, IssuerFixture.BARE, new HostName("more.example.org")),
                                start(chain),
                                end(chain)))),
                Arguments.of(
                        "expired",
                        chain((fixture, chain) -> fixture.ca.issuer.chain(
                                publicKey(chain),
                                IssuerFixture.SPEC.site().names(),
                                start(chain).minus(Duration.ofDays(2)),
                                start(chain).minus(Duration.ofDays(1))))),
                Arguments.of("different key", chain((_, chain) -> chain.reversed())),
                Arguments.of("broken", chain((_, chain) -> List.of(chain.getFirst(), chain.getFirst()))));
    }

    interface Forger {
        List<X509Certificate> forge(IssuerFixture fixture, List<X509Certificate> chain);
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
        X509Certificate before = fixture.issues(IssuerFixture.SPEC).leaf();
        fixture.ca.chain = chain -> forger.forge(fixture, chain);

        IssuanceOutcome.Failed failed = fixture.fails(IssuerFixture.SPEC);

        assertThat(failed.reason()).contains(says);
        assertThat(failed.retryAfter()).as("another order would bring the same").contains(Duration.ofDays(1));
        assertThat(fixture.current()).isEqualTo(before);
        assertThat(fixture.progress().order()).isEmpty();
        fixture.ca.chain = UnaryOperator.identity();
        assertThat(fixture.issues(IssuerFixture.SPEC).leaf()).isNotEqualTo(before);
    }

    @Test
    void aCertificateThatCannotBeReadIsNotFetchedAgainNorOrderedForADay() throws Exception {
        fixture.ca.beforeCall = CaFaults.failOn("certificate", Kind.UNUSABLE_CERTIFICATE);

        IssuanceOutcome.Failed failed = fixture.fails(IssuerFixture.SPEC);

        assertThat(failed.reason()).contains("the test says UNUSABLE_CERTIFICATE", "renew --force www.example.org");
        assertThat(failed.retryAfter()).contains(Duration.ofDays(1));
        assertThat(fixture.progress().order()).isEmpty();
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
        fixture.ca.beforeCall = call -> {
            if (FakeCa.method(call).equals(where)) {
                Thread.currentThread().interrupt();
                throw CaFaults.failure(Kind.UNREACHABLE, "interrupted while waiting for the CA");
            }
        };

        assertThat(interrupted(IssuerFixture.SPEC)).isInstanceOf(IssuanceOutcome.Interrupted.class);

        assertThat(fixture.progress().failure()).isEmpty();
        assertThat(fixture.progress().invalidOrders()).isEmpty();
        int orders = fixture.ca.orders().size();
        fixture.ca.beforeCall = _ -> {};
        fixture.issues(IssuerFixture.SPEC);
        assertThat(fixture.ca.orders()).hasSize(Math.max(orders, 1));
        assertThat(fixture.ca.count("register")).isEqualTo(where.equals("register") ? 2 : 1);
    }

    /** The disk, too, is not written to by a thread that is interrupted. */
    @ParameterizedTest
    @ValueSource(strings = {"authorization", "respond", "awaitValidation", "await", "finalize", "certificate"})
    void anInterruptThatTheCaDoesNotNoticeIsNoFailureEither(String where) throws Exception {
        fixture.ca.beforeCall = call -> {
            if (FakeCa.method(call).equals(where)) {
                Thread.currentThread().interrupt();
            }
        };

        IssuanceOutcome outcome = interrupted(IssuerFixture.SPEC);

        assertThat(outcome).isNotInstanceOf(IssuanceOutcome.Failed.class);
        assertThat(fixture.progress().failure()).isEmpty();
        assertThat(fixture.progress().invalidOrders()).isEmpty();
        fixture.ca.beforeCall = _ -> {};
        fixture.issues(IssuerFixture.SPEC);
        assertThat(fixture.ca.orders()).hasSize(1);
    }

    /** On a thread of its own, whose interrupt ends with it. */
    private IssuanceOutcome interrupted(CertificateSpec spec) throws InterruptedException {
        List<IssuanceOutcome> outcome = new CopyOnWriteArrayList<>();
        CountDownLatch passedOn = new CountDownLatch(1);
        Thread thread = Thread.ofVirtual().start(() -> {
            outcome.add(fixture.issuer.issue(spec));
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
        fixture.ca.faults.offersNoHttp01 = true;

        assertThat(fixture.fails(IssuerFixture.SPEC).reason()).contains("http-01", "www.example.org");

        assertThat(fixture.ca.count("respond")).isZero();
    }

    @Test
    void whatAListenerThrowsIsNotSwallowed() throws AcmeException {
        // a defect must not look like a failure of the CA
        Issuer throwing = new Issuer(
                fixture.ca,
                fixture.store,
                fixture.challenges,
                Optional.empty(),
                PeerRedirects.POSSIBLE,
                fixture.clock,
                new SecureRandom(),
                (_, _) -> {
                    throw new IllegalStateException("the listener's own");
                });
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> throwing.issue(IssuerFixture.SPEC))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the listener's own");
    }
}
