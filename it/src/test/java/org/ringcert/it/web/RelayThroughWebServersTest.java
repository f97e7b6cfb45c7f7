package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.acme.Account;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.pki.KeyType;
import org.ringcert.store.StoredAccount;

/** Web servers before the daemons pass on what the relay for one CA depends on: the hint, and the User-Agent. */
class RelayThroughWebServersTest {

    private static final Token TOKEN = new Token("a-token-of-the-relayed-ca");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(names = {"APACHE_PROXY", "NGINX_PROXY", "HAPROXY_PROXY"})
    void passOnTheHintAndTheUserAgent(ServerKind kind) throws Exception {
        try (WebServers servers =
                WebServers.withoutCa(folder, 95, 2, "handoff = \"relay\"", "handoff = \"redirect\"")) {
            servers.start(0, kind);
            servers.start(1, kind);
            String answer = holdTokenOfTheCa(servers, 1);

            WebResponse toPeer = get(servers, 1, "?left=", "ringcert");
            assertThat(toPeer.body()).isEqualTo(answer);
            assertThat(toPeer.field("Ringcert-Handoff")).contains("relay");

            WebResponse toCa = get(servers, 0, "", "some CA");
            assertThat(toCa.status()).isEqualTo(200);
            assertThat(toCa.body()).isEqualTo(answer);
            assertThat(toCa.field("Ringcert-Handoff")).isEmpty();

            WebResponse toLetsEncrypt = get(
                    servers,
                    0,
                    "",
                    "Mozilla/5.0 (compatible; Let's Encrypt validation server; +https://www.letsencrypt.org)");
            assertThat(toLetsEncrypt.status()).isEqualTo(302);
            assertThat(toLetsEncrypt.location())
                    .contains("http://web1.example.org:" + servers.port() + TOKEN.path() + "?left=");
        }
    }

    private static String holdTokenOfTheCa(WebServers servers, int node) throws Exception {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        Account account = new Account(WebServers.UNREACHABLE_CA.resolve("/account/1"), key);
        servers.node(node)
                .store()
                .accounts()
                .save(WebServers.UNREACHABLE_CA, new StoredAccount(key, Optional.of(account.url())));
        String answer = new KeyAuthorization(TOKEN, account.thumbprint()).text();
        Files.writeString(servers.store(node).resolve("challenges").resolve(TOKEN.value()), answer);
        return answer;
    }

    private static WebResponse get(WebServers servers, int node, String query, String userAgent) throws IOException {
        return WebResponse.send(
                servers.address(node),
                servers.port(),
                "GET " + TOKEN.path() + query + " HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: " + userAgent
                        + "\r\nConnection: close\r\n\r\n");
    }
}
