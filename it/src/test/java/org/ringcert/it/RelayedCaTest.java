package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.acme.Account;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.demo.FreePorts;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.pki.KeyType;
import org.ringcert.store.StoredAccount;

/** Handing over the tokens of a CA that does not follow redirects to another name, in mode {@code redirect}. */
class RelayedCaTest {

    private static final URI RELAYED = URI.create("http://127.0.0.1:1/relayed");
    private static final URI FOLLOWING = URI.create("http://127.0.0.1:1/following");

    private static final String TWO_CAS = """
            [[acme]]
            directory = "%s"
            agree-to-terms = true
            [[acme]]
            directory = "%s"
            handoff = "relay"
            agree-to-terms = true
            """.formatted(FOLLOWING, RELAYED);

    private static final String NO_RELAY = """
            [acme]
            directory = "%s"
            agree-to-terms = true
            """.formatted(FOLLOWING);

    private static final String LETSENCRYPT =
            "Mozilla/5.0 (compatible; Let's Encrypt validation server; +https://www.letsencrypt.org)";

    private static final String HINT = "Ringcert-Handoff: relay";

    private final List<InetAddress> addresses = IntStream.range(0, 3)
            .mapToObj(i -> InetAddress.ofLiteral("127.88.0." + (i + 1)))
            .toList();

    @TempDir
    private Path folder;

    private int port;

    /** The tokens are files only, as those of another command are, and those of a daemon that has been restarted. */
    @Test
    void relaysTheTokensOfThatCaOnlyAndNeverToLetsEncrypt() throws Exception {
        port = FreePorts.on(addresses);
        KeyAuthorization relayed;
        try (InProcessNodes nodes = start(TWO_CAS, List.of())) {
            relayed = tokenOf(account(nodes, RELAYED), "a-token-of-the-relayed-ca");
            KeyAuthorization following = tokenOf(account(nodes, FOLLOWING), "a-token-of-the-other-ca");
            KeyAuthorization foreign =
                    new KeyAuthorization(new Token("a-token-of-another-program"), InProcessNodes.THUMBPRINT);
            for (KeyAuthorization each : List.of(relayed, following, foreign)) {
                nodes.hold(1, each);
                assertThat(get(1, each.token(), "", "some CA"))
                        .startsWith("HTTP/1.1 200 ")
                        .doesNotContain("Ringcert");
            }
            for (KeyAuthorization each : List.of(following, foreign)) {
                assertThat(get(1, each.token(), "?left=", "ringcert"))
                        .startsWith("HTTP/1.1 200 ")
                        .doesNotContain("Ringcert");
                assertRedirectsTo("web1.example.org", each.token(), "some CA");
            }
            assertRelays(relayed);
        }
        try (InProcessNodes restarted = start(TWO_CAS, List.of())) {
            assertRelays(relayed);
            restarted.release(1, relayed.token());
            assertThat(get(0, new Token("a-token-of-nobody-at-all"), "", "some CA"))
                    .startsWith("HTTP/1.1 404 ");
        }
        try (InProcessNodes changed = start(TWO_CAS.replace("relay\"", "redirect\""), List.of())) {
            KeyAuthorization held = new KeyAuthorization(new Token("a-token-after-a-change"), relayed.thumbprint());
            changed.hold(1, held);
            assertThat(get(1, held.token(), "?left=", "ringcert")).doesNotContain("Ringcert");
            assertRedirectsTo("web1.example.org", held.token(), "some CA");
        }
    }

    private void assertRelays(KeyAuthorization relayed) throws IOException {
        assertThat(get(1, relayed.token(), "?left=", "ringcert"))
                .startsWith("HTTP/1.1 200 ")
                .contains("\r\n" + HINT + "\r\n");
        for (String userAgent : List.of("some CA", "")) {
            assertThat(get(0, relayed.token(), "", userAgent))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("\r\n\r\n" + relayed.text())
                    .doesNotContain("Ringcert");
        }
        assertRedirectsTo("web1.example.org", relayed.token(), LETSENCRYPT);
    }

    /** Web2 is another program, such as a server of an attacker, or the former release, which knows no hints. */
    @ParameterizedTest(name = "{0}, relay in the file: {1}, User-Agent {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                HINT + " | false | some CA | false",
                HINT + " | false | | false",
                HINT + " | true | some CA | true",
                HINT + " | true | | true",
                HINT + " | true | " + LETSENCRYPT + " | false",
                HINT + "\\r\\n" + HINT + " | true | some CA | false",
                "Ringcert-Handoff: redirect | true | some CA | false",
                "Server: ringcert 0.1.0 | true | some CA | false",
            })
    void believesAPeerOnlyIfTheFileSaysSo(String header, boolean isConfigured, String userAgent, boolean relays)
            throws Exception {
        port = FreePorts.on(addresses);
        KeyAuthorization answer = new KeyAuthorization(new Token("a-token-of-a-false-peer"), InProcessNodes.THUMBPRINT);
        FakePeer.Responder responder = (_, out) -> {
            FakePeer.head(out, "200 OK", header.replace("\\r\\n", "\r\n"));
            out.write(answer.text().getBytes(StandardCharsets.US_ASCII));
        };
        String agent = Optional.ofNullable(userAgent).orElse("");
        try (FakePeer _ = new FakePeer(addresses.get(2), port, responder);
                InProcessNodes _ = start(isConfigured ? TWO_CAS : NO_RELAY, List.of(2))) {
            if (relays) {
                assertThat(get(0, answer.token(), "", agent))
                        .startsWith("HTTP/1.1 200 ")
                        .endsWith("\r\n\r\n" + answer.text())
                        .doesNotContain("Ringcert");
            } else {
                assertRedirectsTo("web2.example.org", answer.token(), agent);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"404 Not Found, 404", "302 Found, 404"})
    void aHintWithoutAnAnswerMeansNothing(String status, int expected) throws Exception {
        port = FreePorts.on(addresses);
        FakePeer.Responder responder = (_, out) ->
                FakePeer.head(out, status, "Location: http://web1.example.org/\r\nContent-Length: 0\r\n" + HINT);
        try (FakePeer _ = new FakePeer(addresses.get(2), port, responder);
                InProcessNodes _ = start(TWO_CAS, List.of(2))) {
            assertThat(get(0, new Token("a-token-of-nobody-at-all"), "", "some CA"))
                    .startsWith("HTTP/1.1 " + expected + " ");
        }
    }

    private InProcessNodes start(String acme, List<Integer> down) throws Exception {
        return new InProcessNodes(
                folder,
                InProcessNodes.InProcessOptions.of(addresses, port, HandoffMode.REDIRECT)
                        .acme(acme)
                        .down(down));
    }

    /** Saves an account of node 1, as another command would. */
    private static Account account(InProcessNodes nodes, URI ca) throws Exception {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        Account account = new Account(ca.resolve("/account/1"), key);
        nodes.node(1).store().accounts().save(ca, new StoredAccount(key, Optional.of(account.url())));
        return account;
    }

    private static KeyAuthorization tokenOf(Account account, String token) {
        return new KeyAuthorization(new Token(token), account.thumbprint());
    }

    private void assertRedirectsTo(String host, Token token, String userAgent) throws IOException {
        assertThat(get(0, token, "", userAgent))
                .startsWith("HTTP/1.1 302 ")
                .contains("\r\nLocation: http://" + host + ":" + port + token.path() + "?left=\r\n")
                .endsWith("\r\n\r\n");
    }

    /** Returns head and body of a node's response. */
    private String get(int node, Token token, String query, String userAgent) throws IOException {
        try (Socket socket = new Socket(addresses.get(node), port)) {
            String request = "GET " + token.path() + query + " HTTP/1.1\r\nHost: www.example.org\r\n"
                    + (userAgent.isEmpty() ? "" : "User-Agent: " + userAgent + "\r\n")
                    + "Connection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
