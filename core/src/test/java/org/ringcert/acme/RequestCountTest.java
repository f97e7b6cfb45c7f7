package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.acme.ScriptedCa.Response;
import org.ringcert.challenge.Challenges;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.CertificateSpec.Source;
import org.ringcert.issue.FailureBudget;
import org.ringcert.issue.Http01Solver;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.issue.IssuanceOutcome;
import org.ringcert.issue.Issuer;
import org.ringcert.issue.PeerRedirects;
import org.ringcert.issue.Preflight;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.pki.TestIssuer;
import org.ringcert.store.Store;

/** How many requests a certificate takes, over real sockets. The account exists already. */
class RequestCountTest {

    private static final HostName NAME = new HostName("www.example.org");
    private static final Site SITE = new Site(List.of(NAME));

    @TempDir
    private Path folder;

    /** The directory, a nonce, the order, its authorization, the response to the challenge, finalization, the chain. */
    @Test
    void aCertificateTakesSevenRequestsAtACaThatAnswersAtOnce() throws Exception {
        try (ScriptedCa ca = new ScriptedCa()) {
            answerAtOnce(ca);
            try (AcmeClient client = Clients.create(ca.directory(), Clients.LONG)) {
                assertThat(issuer(client).prepareAccount()).isEmpty();
            }
            ca.received.clear();

            try (AcmeClient client = Clients.create(ca.directory(), Clients.LONG)) {
                Source source = new Source(ca.directory(), KeyType.EC256, Optional.empty());
                assertThat(issuer(client)
                                .issue(
                                        new CertificateSpec(SITE, List.of(source)),
                                        source,
                                        Preflight.Power.MAY_POSTPONE))
                        .isInstanceOf(IssuanceOutcome.Issued.class);
            }

            assertThat(ca.received)
                    .extracting(ScriptedCa.Received::path)
                    .containsExactly(
                            ScriptedCa.DIRECTORY,
                            ScriptedCa.NONCE,
                            ScriptedCa.ORDERS,
                            ScriptedCa.AUTHORIZATION,
                            ScriptedCa.CHALLENGE,
                            ScriptedCa.FINALIZE,
                            ScriptedCa.CERTIFICATE);
        }
    }

    private Issuer issuer(CertificateAuthority authority) throws Exception {
        Clock clock = Clock.systemUTC();
        Store store = Store.open(folder.resolve("store"), clock);
        return new Issuer(
                authority,
                store,
                new Http01Solver(new Challenges(store, List.of(), clock)),
                new NewAccount(Optional.empty(), Optional.empty()),
                Preflight.NONE,
                PeerRedirects.POSSIBLE,
                FailureBudget.STANDARD,
                clock,
                new SecureRandom(),
                IssuanceListener.NONE);
    }

    /** Makes each response show the result of its request: a validated challenge, an issued certificate. */
    private static void answerAtOnce(ScriptedCa ca) {
        ca.on(ScriptedCa.ORDER, _ -> Response.json(200, ca.orderJson("pending")));
        ca.on(ScriptedCa.AUTHORIZATION, _ -> Response.json(200, ca.authorizationJson("pending")));
        ca.on(ScriptedCa.CHALLENGE, _ -> {
            ca.on(ScriptedCa.AUTHORIZATION, _ -> Response.json(200, ca.authorizationJson("valid")));
            ca.on(ScriptedCa.ORDER, _ -> Response.json(200, ca.orderJson("ready")));
            return Response.json(
                    200,
                    "{\"type\":\"http-01\",\"url\":\"%s\",\"token\":\"DGyRejmCefe7v4NfDGDKfA\",\"status\":\"valid\"}"
                            .formatted(ca.url(ScriptedCa.CHALLENGE)));
        });
        ca.on(ScriptedCa.FINALIZE, request -> {
            byte[] csr = Base64.getUrlDecoder()
                    .decode(ScriptedCa.JSON
                            .readTree(request.payload())
                            .path("csr")
                            .asString());
            Instant now = Instant.now();
            String chain = Pem.write(new TestIssuer(now)
                    .chain(TestIssuer.publicKey(csr), List.of(NAME), now, now.plus(Duration.ofDays(90))));
            ca.on(
                    ScriptedCa.CERTIFICATE,
                    _ -> new Response(200, Map.of("Content-Type", "application/pem-certificate-chain"), chain));
            ca.on(ScriptedCa.ORDER, _ -> Response.json(200, ca.orderJson("valid")));
            return Response.json(200, ca.orderJson("valid"));
        });
    }
}
