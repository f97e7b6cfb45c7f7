package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.security.KeyPair;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.ScriptedCa.Received;
import org.ringcert.acme.ScriptedCa.Response;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;

/** What the client says to a CA that behaves; the CA of the test checks every signature, nonce and URL. */
class AcmeClientTest {

    private static final String NO_SUBJECT = """
            -----BEGIN CERTIFICATE-----
            MIIBYjCCAQegAwIBAgIBBzAKBggqhkjOPQQDAjASMRAwDgYDVQQDDAdUZXN0IENB
            MCAXDTI2MTEyNzEzMDYxOVoYDzIxMjYxMTAzMTMwNjE5WjAAMFkwEwYHKoZIzj0C
            AQYIKoZIzj0DAQcDQgAE0tcnj94iqhWG/288KUICrVSc1XgNKbY4bAfn0rIDNSzr
            zlD7HkEovl+XQuXBqukEruTvWCAWUIkKZUnpPGLOOqNeMFwwGgYDVR0RBBMwEYIP
            d3d3LmV4YW1wbGUub3JnMB0GA1UdDgQWBBTt1JN67kOOfxGb2TO9CMgiV6WyfjAf
            BgNVHSMEGDAWgBSFsns5XwFN1aSTJPcF/FB2h6FuhjAKBggqhkjOPQQDAgNJADBG
            AiEArzDtltXlFrAquAx8RiWLGGMUB9g3EFoCwHuMKC15XikCIQDTANAi1r/WqgTF
            pjCcYO/FQKTiiuqMXHu9/iYALNrRwg==
            -----END CERTIFICATE-----
            """;

    private static final HostName NAME = HostName.of("www.example.org");
    private static final NewOrder WANTED = new NewOrder(List.of(NAME), Optional.empty());

    private final KeyPair key = Clients.key();
    private ScriptedCa ca;
    private AcmeClient client;

    @BeforeEach
    void start() throws IOException {
        ca = new ScriptedCa();
        client = Clients.of(ca.directory(), Clients.LONG);
    }

    @AfterEach
    void stop() {
        client.close();
        ca.close();
    }

    @Test
    void aCertificateIsOrderedFromAccountToChain() throws AcmeException {
        Account account = client.register(key, Optional.of("hostmaster@example.org"));
        Order order = client.newOrder(account, WANTED);
        Authorization authorization =
                client.fetchAuthorization(account, order.authorizations().getFirst());
        Challenge challenge = authorization.http01().orElseThrow();
        client.respond(account, challenge);
        Authorization validated = client.awaitValidation(account, authorization.url());
        Order ready = client.fetchOrder(account, order.url());
        Order valid = client.finalizeOrder(account, ready, new byte[] {1, 2, (byte) 0xfb});

        assertThat(account.url()).isEqualTo(ca.url(ScriptedCa.ACCOUNT));
        assertThat(order.url()).isEqualTo(ca.url(ScriptedCa.ORDER));
        assertThat(order.status()).isEqualTo(Order.Status.PENDING);
        assertThat(order.names()).containsExactly(NAME);
        assertThat(authorization.name()).isEqualTo(NAME);
        assertThat(authorization.challenges()).hasSize(2);
        assertThat(challenge.token()).contains(new Token("DGyRejmCefe7v4NfDGDKfA"));
        assertThat(validated.status()).isEqualTo(Authorization.Status.VALID);
        assertThat(ready.status()).isEqualTo(Order.Status.READY);
        assertThat(valid.status()).isEqualTo(Order.Status.VALID);
        assertThat(client.downloadCertificate(account, valid)).hasSize(1);

        assertThat(ca.last(ScriptedCa.ACCOUNTS).payload())
                .isEqualTo("{\"termsOfServiceAgreed\":true,\"contact\":[\"mailto:hostmaster@example.org\"]}");
        assertThat(ca.last(ScriptedCa.ORDERS).payload())
                .isEqualTo("{\"identifiers\":[{\"type\":\"dns\",\"value\":\"www.example.org\"}]}");
        assertThat(ca.last(ScriptedCa.CHALLENGE).payload()).isEqualTo("{}");
        assertThat(ca.last(ScriptedCa.FINALIZE).payload()).isEqualTo("{\"csr\":\"AQL7\"}");
        assertThat(ca.last(ScriptedCa.CERTIFICATE).headers())
                .containsEntry("accept", "application/pem-certificate-chain");
    }

    @Test
    void whatIsOnlyLookedAtIsSentAsASignedPostWithAnEmptyPayload() throws AcmeException {
        Account account = client.register(key, Optional.empty());
        client.fetchOrder(account, ca.url(ScriptedCa.ORDER));

        Received sent = ca.last(ScriptedCa.ORDER);
        assertThat(sent.method()).isEqualTo("POST");
        assertThat(sent.payload()).isEmpty();
        assertThat(sent.headers().get("user-agent")).startsWith("ringcert/test");
    }

    @Test
    void nothingIsFetchedBeforeTheFirstCallAndTheDirectoryOnlyOnce() throws AcmeException {
        assertThat(ca.received).isEmpty();

        client.profiles();
        client.register(key, Optional.empty());

        assertThat(ca.count(ScriptedCa.DIRECTORY)).isEqualTo(1);
        assertThat(ca.count(ScriptedCa.NONCE)).isEqualTo(1);
    }

    @Test
    void theProfileIsAskedFor() throws AcmeException {
        Account account = client.register(key, Optional.empty());
        client.newOrder(account, new NewOrder(List.of(NAME), Optional.of("tlsserver")));

        assertThat(ca.last(ScriptedCa.ORDERS).payload()).endsWith(",\"profile\":\"tlsserver\"}");
    }

    @Test
    void aProfileThatTheCaDoesNotOfferIsRefusedWithThoseThatItDoes() throws AcmeException {
        Account account = client.register(key, Optional.empty());

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> client.newOrder(account, new NewOrder(List.of(NAME), Optional.of("tlserver"))))
                .withMessageContaining("classic, tlsserver")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
        assertThat(ca.count(ScriptedCa.ORDERS)).isZero();
    }

    @Test
    void aCaWithoutProfilesOffersNone() throws AcmeException {
        ca.on(ScriptedCa.DIRECTORY, _ -> Response.json(200, ca.directoryJson("null")));

        assertThat(client.profiles()).isEmpty();
    }

    @Test
    void aCaThatWantsExternalAccountsIsRefusedBeforeAnythingIsSent() {
        ca.on(ScriptedCa.DIRECTORY, _ -> Response.json(200, ca.directoryJson("{\"externalAccountRequired\":true}")));

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> client.register(key, Optional.empty()))
                .withMessageContaining("external account binding")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
        assertThat(ca.count(ScriptedCa.ACCOUNTS)).isZero();
    }

    @Test
    void aKeyThatIsRegisteredAlreadyFindsItsAccount() throws AcmeException {
        ca.on(
                ScriptedCa.ACCOUNTS,
                _ -> Response.json(200, "{\"status\":\"valid\"}").with("Location", "/account/1"));

        assertThat(client.register(key, Optional.empty()).url()).isEqualTo(ca.url("/account/1"));
    }

    @Test
    void theAccountOfAKeyThatWasDeactivatedIsNoAccount() {
        ca.on(
                ScriptedCa.ACCOUNTS,
                _ -> Response.json(200, "{\"status\":\"deactivated\"}").with("Location", "/account/1"));

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> client.register(key, Optional.empty()))
                .withMessageContaining("deactivated")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
    }

    @ParameterizedTest
    @CsvSource({
        "200, '{\"status\":\"valid\"}', VALID",
        "200, '{}', VALID",
        "200, '{\"status\":\"deactivated\"}', DEACTIVATED",
        "200, '{\"status\":\"revoked\"}', DEACTIVATED",
        "400, accountDoesNotExist, UNKNOWN",
        "401, unauthorized, DEACTIVATED",
        "403, unauthorized, DEACTIVATED"
    })
    void aCaIsAskedForAnAccountAndMakesNone(int status, String answer, AccountStatus expected) throws AcmeException {
        ca.on(
                ScriptedCa.ACCOUNTS,
                _ -> status == 200 ? Response.json(200, answer) : Response.problem(status, answer, "as it is"));

        assertThat(client.accountStatus(key)).isEqualTo(expected);

        assertThat(ca.last(ScriptedCa.ACCOUNTS).payload()).isEqualTo("{\"onlyReturnExisting\":true}");
    }

    @Test
    void aRefusedRegistrationWithoutAContactSaysThatSomeCasWantOne() {
        ca.on(ScriptedCa.ACCOUNTS, _ -> Response.problem(400, "malformed", "incomplete data"));

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> client.register(key, Optional.empty()))
                .withMessageContainingAll("incomplete data", "[acme] contact");
        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> client.register(key, Optional.of("hostmaster@example.org")))
                .satisfies(e -> assertThat(e).hasMessageNotContaining("[acme] contact"));
    }

    /** As step-ca and others show it: the order and the authorization live on. */
    @ParameterizedTest
    @CsvSource({"invalid, true", "invalid, false", "pending, true"})
    void aChallengeThatHasFailedEndsTheWaitThoughItsAuthorizationIsPending(String status, boolean says)
            throws AcmeException {
        Account account = client.register(key, Optional.empty());
        ca.on(ScriptedCa.AUTHORIZATION, _ -> Response.json(200, challenge(status, says)));

        Authorization ended = client.awaitValidation(account, ca.url(ScriptedCa.AUTHORIZATION));

        assertThat(ended.status()).isEqualTo(Authorization.Status.PENDING);
        assertThat(ended.isUndecided()).isFalse();
        assertThat(ended.error().isPresent()).isEqualTo(says);
        assertThat(ca.count(ScriptedCa.CHALLENGE))
                .as("a look at a challenge begins the validation with many CAs")
                .isZero();
    }

    @Test
    void aCaThatStillTriesIsWaitedForAndItsLastErrorIsSaid() throws AcmeException {
        Account account = client.register(key, Optional.empty());
        ca.on(ScriptedCa.AUTHORIZATION, _ -> Response.json(200, ca.authorizationJson("valid")));
        ca.firstOn(ScriptedCa.AUTHORIZATION, Response.json(200, challenge("processing", true)));
        assertThat(client.awaitValidation(account, ca.url(ScriptedCa.AUTHORIZATION))
                        .status())
                .isEqualTo(Authorization.Status.VALID);

        try (AcmeClient impatient = Clients.of(ca.directory(), Clients.SHORT)) {
            ca.on(ScriptedCa.AUTHORIZATION, _ -> Response.json(200, challenge("processing", true)));
            assertThatExceptionOfType(AcmeException.class)
                    .isThrownBy(() -> impatient.awaitValidation(account, ca.url(ScriptedCa.AUTHORIZATION)))
                    .withMessageContaining("nobody at home");
        }
    }

    private String challenge(String status, boolean says) {
        String error = says
                ? ",\"error\":{\"type\":\"urn:ietf:params:acme:error:connection\",\"detail\":\"nobody at home\"}"
                : "";
        return ca.authorizationJson("pending")
                .replace(
                        "\"DGyRejmCefe7v4NfDGDKfA\",\"status\":\"pending\"",
                        "\"DGyRejmCefe7v4NfDGDKfA\",\"status\":\"" + status + "\"" + error);
    }

    @Test
    void anOrderMaySayOnceWhereItsCertificateRequestGoes() throws AcmeException {
        Account account = client.register(key, Optional.empty());
        ca.on(ScriptedCa.ORDER, _ -> Response.json(200, withoutFinalize("ready")));
        ca.on(ScriptedCa.FINALIZE, _ -> Response.json(200, withoutFinalize("valid")));

        Order made = client.newOrder(account, WANTED);
        Order later = client.fetchOrder(account, made.url());

        assertThat(later.finalizeUrl()).isEmpty();
        assertThat(client.finalizeOrder(account, later.withFinalizeUrl(made.finalizeUrl()), new byte[1])
                        .status())
                .isEqualTo(Order.Status.VALID);
        ca.on(
                ScriptedCa.ORDERS,
                _ -> Response.json(201, withoutFinalize("pending")).with("Location", "/order/1"));
        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> client.newOrder(account, WANTED))
                .withMessageContaining("\"finalize\" is missing");
    }

    private String withoutFinalize(String status) {
        return ca.orderJson(status).replace("\"finalize\"", "\"finalise\"");
    }

    @Test
    void textAroundTheCertificatesOfAChainIsSkipped() throws AcmeException {
        Account account = client.register(key, Optional.empty());
        ca.on(
                ScriptedCa.CERTIFICATE,
                _ -> new Response(
                        200,
                        Map.of(),
                        "subject=CN = x\r\n" + ScriptedCa.PEM + "\nissuer=CN = y\n" + ScriptedCa.PEM + "# end\n"));

        assertThat(client.downloadCertificate(account, client.finalizeOrder(account, order("ready"), new byte[1])))
                .hasSize(2);
    }

    /**
     * Its subject is empty and its names are not critical, which RFC 5280, section 4.1.2.6 forbids, and Java refuses.
     */
    @Test
    void aCertificateThatJavaDoesNotReadIsUnusableAndTheMessageSaysWhatIsWrongWithIt() throws AcmeException {
        Account account = client.register(key, Optional.empty());
        ca.on(ScriptedCa.CERTIFICATE, _ -> new Response(200, Map.of(), NO_SUBJECT));

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() ->
                        client.downloadCertificate(account, client.finalizeOrder(account, order("ready"), new byte[1])))
                .withMessageContaining("critical when subject field is empty")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE_CERTIFICATE));
    }

    @Test
    void whatAPersonHasToAgreeToIsShownWithItsPages() throws AcmeException {
        Account account = client.register(key, Optional.empty());
        String problem = """
                {"type":"urn:ietf:params:acme:error:userActionRequired","detail":"The terms have changed","instance":"https://ca.example/agree?id=1"}""";
        ca.on(
                ScriptedCa.ORDERS,
                _ -> new Response(
                        403,
                        Map.of(
                                "Content-Type",
                                "application/problem+json",
                                "Link",
                                "<https://ca.example/dir>;rel=\"index\", <https://ca.example/terms-v2.pdf>;rel=\"terms-of-service\""),
                        problem));

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> client.newOrder(account, WANTED))
                .withMessageContainingAll("https://ca.example/agree?id=1", "https://ca.example/terms-v2.pdf");
    }

    @Test
    void thirtyPercentOfRefusedNoncesAreNotNoticed() throws AcmeException {
        Account account = client.register(key, Optional.empty());
        ca.firstOn(
                ScriptedCa.ORDERS,
                Collections.nCopies(9, Response.problem(400, "badNonce", "used"))
                        .toArray(Response[]::new));

        assertThat(client.newOrder(account, WANTED).status()).isEqualTo(Order.Status.PENDING);
        // Each retry took the nonce of the answer before.
        assertThat(ca.count(ScriptedCa.NONCE)).isEqualTo(1);
    }

    @Test
    void aMissingNonceInAnAnswerCostsARequestForOneAndNothingElse() throws AcmeException {
        ca.on(
                ScriptedCa.ACCOUNTS,
                _ -> Response.json(201, "{}").with("Location", "/account/1").with("Replay-Nonce", ""));

        Account account = client.register(key, Optional.empty());
        client.newOrder(account, WANTED);

        assertThat(ca.count(ScriptedCa.NONCE)).isEqualTo(2);
    }

    @Test
    void aNonceThatIsNoBase64urlTextIsNotUsed() throws AcmeException {
        ca.on(
                ScriptedCa.ACCOUNTS,
                _ -> Response.json(201, "{}").with("Location", "/account/1").with("Replay-Nonce", "a\"b"));

        Account account = client.register(key, Optional.empty());
        client.newOrder(account, WANTED);

        assertThat(ca.count(ScriptedCa.NONCE)).isEqualTo(2);
    }

    @Test
    void aShortRetryAfterOfARequestLimitIsWaitedOut() throws AcmeException {
        Account account = client.register(key, Optional.empty());
        ca.firstOn(
                ScriptedCa.ORDERS,
                Response.html(503).with("Retry-After", "0"),
                Response.problem(429, "rateLimited", "slow down").with("Retry-After", "0"));

        assertThat(client.newOrder(account, WANTED).status()).isEqualTo(Order.Status.PENDING);
        assertThat(ca.count(ScriptedCa.ORDERS)).isEqualTo(3);
    }

    @Test
    void anOrderOfAnUnknownIdentifierTypeKeepsItsNames() throws AcmeException {
        Account account = client.register(key, Optional.empty());
        ca.on(
                ScriptedCa.ORDER,
                _ -> Response.json(
                        200,
                        ca.orderJson("ready")
                                .replace(
                                        "[{\"type\":\"dns\"",
                                        "[{\"type\":\"ip\",\"value\":\"::1\"},{\"type\":\"dns\"")));

        assertThat(client.fetchOrder(account, ca.url(ScriptedCa.ORDER)).names()).containsExactly(NAME);
    }

    @Test
    void anInvalidOrderAndAFailedValidationKeepTheWordsOfTheCa() throws AcmeException {
        Account account = client.register(key, Optional.empty());
        String error = """
                "error":{"type":"urn:ietf:params:acme:error:connection","detail":"Timeout\\u001b[31m during connect\\n"},""";
        ca.on(
                ScriptedCa.ORDER,
                _ -> Response.json(200, "{" + error + ca.orderJson("invalid").substring(1)));
        ca.on(
                ScriptedCa.AUTHORIZATION,
                _ -> Response.json(
                        200,
                        ca.authorizationJson("invalid")
                                .replace("{\"type\":\"http-01\"", "{" + error + "\"type\":\"http-01\"")));

        Order order = client.fetchOrder(account, ca.url(ScriptedCa.ORDER));
        Authorization authorization = client.awaitValidation(account, ca.url(ScriptedCa.AUTHORIZATION));

        assertThat(order.status()).isEqualTo(Order.Status.INVALID);
        assertThat(order.error()).get().extracting(ProblemDocument::detail).isEqualTo("Timeout [31m during connect");
        assertThat(authorization.error())
                .get()
                .satisfies(problem -> assertThat(problem.hasType("connection")).isTrue());
    }

    @Test
    void anOrderThatIsProcessingAfterItsFinalizationIsWaitedFor() throws AcmeException {
        Account account = client.register(key, Optional.empty());
        ca.on(
                ScriptedCa.FINALIZE,
                _ -> Response.json(200, ca.orderJson("processing")).with("Retry-After", "0"));
        ca.on(ScriptedCa.ORDER, _ -> Response.json(200, ca.orderJson("valid")));
        ca.firstOn(ScriptedCa.ORDER, Response.json(200, ca.orderJson("processing")));
        Order ready = order("ready");

        assertThat(client.finalizeOrder(account, ready, new byte[1]).status()).isEqualTo(Order.Status.VALID);
        assertThat(client.awaitStatusChange(account, ready.url(), Order.Status.PROCESSING)
                        .status())
                .isEqualTo(Order.Status.VALID);
    }

    @Test
    void onlySixteenRequestsAreUnderWayWhateverTheNumberOfCallers() throws Exception {
        Account account = client.register(key, Optional.empty());
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        ca.on(ScriptedCa.ORDER, _ -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            LockSupport.parkNanos(5_000_000);
            now.decrementAndGet();
            return Response.json(200, ca.orderJson("ready"));
        });

        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var orders = callers.invokeAll(Collections.nCopies(
                    100,
                    () -> client.fetchOrder(account, ca.url(ScriptedCa.ORDER)).status()));
            for (var order : orders) {
                assertThat(order.get()).isEqualTo(Order.Status.READY);
            }
        }
        assertThat(most.get()).isBetween(2, 16);
    }

    private Order order(String status) {
        URI url = ca.url(ScriptedCa.ORDER);
        return new Order(
                url,
                Order.Status.valueOf(status.toUpperCase(Locale.ROOT)),
                List.of(NAME),
                List.of(),
                Optional.of(ca.url(ScriptedCa.FINALIZE)),
                Optional.empty(),
                Optional.empty());
    }
}
