package org.ringcert.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
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
import org.ringcert.acme.NewAccount;
import org.ringcert.challenge.Token;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateName;
import org.ringcert.store.StoreException;

/** Issuances that fail or are interrupted: what they report and save, and how the next attempt continues. */
class IssuanceFailureTest {

    @TempDir
    private Path directory;

    private IssuerFixture fixture;

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(directory);
    }

    @Test
    void namesExactlyTheFailedNamesWithTheCasExplanations() throws Exception {
        fixture.ca.validationResult = _ -> Authorization.Status.INVALID;
        assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason())
                .contains("www.example.org", "nobody answered for www.example.org")
                .contains("nobody answered for example.org");

        fixture.ca.validationResult =
                name -> name.equals(IssuerFixture.BARE) ? Authorization.Status.INVALID : Authorization.Status.VALID;
        assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason())
                .contains("could not validate example.org", "nobody answered for example.org")
                .doesNotContain("www.example.org");
        assertThat(fixture.events).contains(new IssuanceEvent.Validated(IssuerFixture.WWW, List.of()));
    }

    @Test
    void keepsTokensOfAFailedOrderForAMinute() throws Exception {
        fixture.ca.validationResult = _ -> Authorization.Status.INVALID;

        fixture.failToIssue(IssuerFixture.SPEC);

        List<Token> tokens = tokens();
        assertThat(tokens)
                .hasSize(2)
                .allMatch(token -> fixture.challenges.find(token).isPresent());
        assertThat(fixture.progress().order()).isEmpty();
        assertThat(fixture.progress().failedOrders()).hasSize(1);
        fixture.clock.move(Duration.ofSeconds(61));
        fixture.challenges.removeExpired();
        assertThat(tokens).allMatch(token -> fixture.challenges.find(token).isEmpty());
    }

    @Test
    void keepsTokensOfAPendingOrder() throws Exception {
        fixture.ca.validationResult = _ -> Authorization.Status.PENDING;

        fixture.failToIssue(IssuerFixture.SPEC);

        assertThat(fixture.progress().order()).isPresent();
        fixture.clock.move(Duration.ofHours(1));
        fixture.challenges.removeExpired();
        assertThat(tokens())
                .hasSize(2)
                .allMatch(token -> fixture.challenges.find(token).isPresent());
    }

    private List<Token> tokens() {
        return fixture.events.stream()
                .flatMap(event ->
                        event instanceof IssuanceEvent.ChallengeReady ready ? Stream.of(ready.token()) : Stream.of())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization", "respond", "awaitValidation", "finalize", "certificate"})
    void resumesTheOrderIfTheCaCouldNotBeReached(String call) throws Exception {
        for (Kind kind : List.of(Kind.UNREACHABLE, Kind.RATE_LIMITED, Kind.INVALID_RESPONSE)) {
            IssuerFixture separate = new IssuerFixture(directory.resolve(kind.name()));
            separate.ca.beforeCall = CaFaults.failOn(call, kind);
            assertThat(separate.failToIssue(IssuerFixture.SPEC).reason()).contains("the test says " + kind);
            assertThat(separate.progress().failedOrders()).isEmpty();
            separate.ca.beforeCall = _ -> {};

            separate.issue(IssuerFixture.SPEC);

            assertThat(separate.ca.orders()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization", "respond", "awaitValidation", "finalize", "certificate"})
    void abandonsTheOrderIfTheCaRefusesAStep(String call) throws Exception {
        for (Kind kind : List.of(Kind.REFUSED, Kind.NOT_FOUND)) {
            fixture.ca.beforeCall = CaFaults.failOn(call, kind);
            assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason()).contains("the test says " + kind);
            assertThat(fixture.progress().order()).isEmpty();
        }
        fixture.ca.beforeCall = _ -> {};

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.orders()).hasSize(3);
    }

    @Test
    void aRefusalBecauseOfALimitIsNoFailure() {
        fixture.ca.beforeCall = _ -> {
            throw CaFaults.failure(Kind.RATE_LIMITED, "too many", Optional.of(Duration.ofHours(34)));
        };

        assertThat(fixture.issuer.issue(
                        IssuerFixture.SPEC, IssuerFixture.SPEC.preferredSource(), Preflight.Power.MAY_POSTPONE))
                .isInstanceOfSatisfying(IssuanceOutcome.Refused.class, refused -> {
                    assertThat(refused.reason()).contains("too many");
                    assertThat(refused.retryAfter()).isEqualTo(Duration.ofHours(34));
                });
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RATE_LIMITED")
    void reportsTheDelayThatTheCaAsksFor(Kind kind) {
        fixture.ca.beforeCall = call -> {
            throw CaFaults.failure(kind, "the test says " + kind, Optional.of(Duration.ofHours(34)));
        };

        IssuanceOutcome.Failed failed = fixture.failToIssue(IssuerFixture.SPEC);

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
                        "lacks names",
                        chain((fixture, chain) -> fixture.ca.issuer.chain(
                                publicKey(chain), List.of(IssuerFixture.WWW), start(chain), end(chain)))),
                Arguments.of(
                        "-copy_extensions copy",
                        chain((fixture, chain) ->
                                fixture.ca.issuer.chain(publicKey(chain), List.of(), start(chain), end(chain)))),
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

    private static Instant start(List<X509Certificate> chain) {
        return chain.getFirst().getNotBefore().toInstant();
    }

    private static Instant end(List<X509Certificate> chain) {
        return chain.getFirst().getNotAfter().toInstant();
    }

    @ParameterizedTest
    @MethodSource("wrongChains")
    void neverInstallsAChainThatWasNotOrdered(String problem, Forger forger) throws Exception {
        X509Certificate previous = fixture.issue(IssuerFixture.SPEC).leaf();
        fixture.ca.chain = chain -> forger.forge(fixture, chain);

        IssuanceOutcome.Failed failed = fixture.failToIssue(IssuerFixture.SPEC);

        assertThat(failed.reason()).contains(problem);
        assertThat(failed.retryAfter())
                .as("a new order would give the same result")
                .contains(Duration.ofDays(1));
        assertThat(fixture.current()).isEqualTo(previous);
        assertThat(fixture.progress().order()).isEmpty();
        fixture.ca.chain = UnaryOperator.identity();
        assertThat(fixture.issue(IssuerFixture.SPEC).leaf()).isNotEqualTo(previous);
    }

    @Test
    void doesNotOrderAgainForADayAfterAnUnusableCertificate() throws Exception {
        fixture.ca.beforeCall = CaFaults.failOn("certificate", Kind.UNUSABLE_CERTIFICATE);

        IssuanceOutcome.Failed failed = fixture.failToIssue(IssuerFixture.SPEC);

        assertThat(failed.reason()).contains("the test says UNUSABLE_CERTIFICATE", "renew --force www.example.org");
        assertThat(failed.retryAfter()).contains(Duration.ofDays(1));
        assertThat(fixture.progress().order()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"register", "newOrder", "authorization", "respond", "awaitValidation", "finalize", "certificate"
            })
    void resumesTheOrderAfterAnInterruptDuringACall(String method) throws Exception {
        fixture.ca.beforeCall = call -> {
            if (FakeCa.method(call).equals(method)) {
                Thread.currentThread().interrupt();
                throw CaFaults.failure(Kind.UNREACHABLE, "interrupted while waiting for the CA");
            }
        };

        assertThat(issueInterrupted(IssuerFixture.SPEC)).isInstanceOf(IssuanceOutcome.Interrupted.class);

        assertThat(fixture.progress().failure()).isEmpty();
        assertThat(fixture.progress().failedOrders()).isEmpty();
        int orders = fixture.ca.orders().size();
        fixture.ca.beforeCall = _ -> {};
        fixture.issue(IssuerFixture.SPEC);
        assertThat(fixture.ca.orders()).hasSize(Math.max(orders, 1));
        assertThat(fixture.ca.count("register")).isEqualTo(method.equals("register") ? 2 : 1);
    }

    /** The CA takes no notice of the interrupt here, but an interrupted thread cannot write to the disk. */
    @ParameterizedTest
    @ValueSource(strings = {"authorization", "respond", "awaitValidation", "finalize", "certificate"})
    void resumesTheOrderAfterAnInterruptBetweenCalls(String method) throws Exception {
        fixture.ca.beforeCall = call -> {
            if (FakeCa.method(call).equals(method)) {
                Thread.currentThread().interrupt();
            }
        };

        IssuanceOutcome outcome = issueInterrupted(IssuerFixture.SPEC);

        assertThat(outcome).isNotInstanceOf(IssuanceOutcome.Failed.class);
        assertThat(fixture.progress().failure()).isEmpty();
        assertThat(fixture.progress().failedOrders()).isEmpty();
        fixture.ca.beforeCall = _ -> {};
        fixture.issue(IssuerFixture.SPEC);
        assertThat(fixture.ca.orders()).hasSize(1);
    }

    /** Issues on a separate thread, and checks that its interrupt is preserved. */
    private IssuanceOutcome issueInterrupted(CertificateSpec spec) throws InterruptedException {
        List<IssuanceOutcome> outcome = new CopyOnWriteArrayList<>();
        CountDownLatch interruptPreserved = new CountDownLatch(1);
        Thread thread = Thread.ofVirtual().start(() -> {
            outcome.add(fixture.issuer.issue(spec, spec.preferredSource(), Preflight.Power.MAY_POSTPONE));
            if (Thread.currentThread().isInterrupted()) {
                interruptPreserved.countDown();
            }
        });
        thread.join();
        assertThat(interruptPreserved.getCount())
                .as("the interrupt is left for the caller")
                .isZero();
        return outcome.getFirst();
    }

    @Test
    void reportsAnAuthorizationWithoutHttp01() throws Exception {
        fixture.ca.faults.offersNoHttp01 = true;

        assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason()).contains("http-01", "www.example.org");

        assertThat(fixture.ca.count("respond")).isZero();
    }

    @Test
    void propagatesExceptionsOfListeners() throws AcmeException {
        // A bug must not look like a failure of the CA.
        Issuer throwing = new Issuer(
                fixture.ca,
                fixture.store,
                new Http01Solver(fixture.challenges),
                new NewAccount(Optional.empty(), Optional.empty()),
                Preflight.NONE,
                PeerRedirects.POSSIBLE,
                FailureBudget.STANDARD,
                fixture.clock,
                new SecureRandom(),
                new IssuanceListener() {
                    @Override
                    public void onEvent(CertificateName name, IssuanceEvent event) {
                        throw new IllegalStateException("from the listener");
                    }
                });
        assertThatThrownBy(() -> throwing.issue(
                        IssuerFixture.SPEC, IssuerFixture.SPEC.preferredSource(), Preflight.Power.MAY_POSTPONE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("from the listener");
    }
}
