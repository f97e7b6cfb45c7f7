package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.ringcert.acme.ScriptedCa.Received;
import org.ringcert.acme.ScriptedCa.Response;
import org.ringcert.challenge.Token;

/** The requests of the client to a CA that behaves. {@link ScriptedCa} verifies every signature, nonce and URL. */
class AcmeClientTest extends AcmeClientTestBase {

    @Test
    void obtainsACertificateFromAccountToChain() throws AcmeException {
        Account account = client.register(key, new NewAccount(Optional.of("hostmaster@example.org"), Optional.empty()))
                .account();
        Order order = client.newOrder(account, NEW_ORDER);
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
        assertThat(client.downloadCertificate(account, valid).certificates()).hasSize(1);

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
    void fetchesByPostAsGet() throws AcmeException {
        register();
        client.fetchOrder(account, ca.url(ScriptedCa.ORDER));

        Received sent = ca.last(ScriptedCa.ORDER);
        assertThat(sent.method()).isEqualTo("POST");
        assertThat(sent.payload()).isEmpty();
        assertThat(sent.headers().get("user-agent")).startsWith("ringcert/test");
    }

    @Test
    void fetchesTheDirectoryOnFirstUseAndOnlyOnce() throws AcmeException {
        assertThat(ca.received).isEmpty();

        client.profiles();
        client.register(key, new NewAccount(Optional.empty(), Optional.empty()));

        assertThat(ca.count(ScriptedCa.DIRECTORY)).isEqualTo(1);
        assertThat(ca.count(ScriptedCa.NONCE)).isEqualTo(1);
    }

    @Test
    void survivesNineRejectedNoncesInARow() throws AcmeException {
        register();
        ca.firstOn(
                ScriptedCa.ORDERS,
                Collections.nCopies(9, Response.problem(400, "badNonce", "used"))
                        .toArray(Response[]::new));

        assertThat(client.newOrder(account, NEW_ORDER).status()).isEqualTo(Order.Status.PENDING);
        // Each retry used the nonce of the previous reply.
        assertThat(ca.count(ScriptedCa.NONCE)).isEqualTo(1);
    }

    @Test
    void fetchesANonceWhenTheReplyHadNone() throws AcmeException {
        ca.on(
                ScriptedCa.ACCOUNTS,
                _ -> Response.json(201, "{}").with("Location", "/account/1").with("Replay-Nonce", ""));

        register();
        client.newOrder(account, NEW_ORDER);

        assertThat(ca.count(ScriptedCa.NONCE)).isEqualTo(2);
    }

    @Test
    void ignoresANonceThatIsNotBase64url() throws AcmeException {
        ca.on(
                ScriptedCa.ACCOUNTS,
                _ -> Response.json(201, "{}").with("Location", "/account/1").with("Replay-Nonce", "a\"b"));

        register();
        client.newOrder(account, NEW_ORDER);

        assertThat(ca.count(ScriptedCa.NONCE)).isEqualTo(2);
    }

    @Test
    void waitsOutAShortRetryAfter() throws AcmeException {
        register();
        ca.firstOn(
                ScriptedCa.ORDERS,
                Response.html(503).with("Retry-After", "0"),
                Response.problem(429, "rateLimited", "slow down").with("Retry-After", "0"));

        assertThat(client.newOrder(account, NEW_ORDER).status()).isEqualTo(Order.Status.PENDING);
        assertThat(ca.count(ScriptedCa.ORDERS)).isEqualTo(3);
    }

    @Test
    void sendsAtMostSixteenRequestsAtATime() throws Exception {
        register();
        var inFlight = new AtomicInteger();
        var maxInFlight = new AtomicInteger();
        ca.on(ScriptedCa.ORDER, _ -> {
            maxInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            LockSupport.parkNanos(5_000_000);
            inFlight.decrementAndGet();
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
        assertThat(maxInFlight.get()).isBetween(2, 16);
    }
}
