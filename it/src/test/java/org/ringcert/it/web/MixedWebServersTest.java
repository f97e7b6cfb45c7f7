package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.view.ca.Walk;

/**
 * Rings with servers of every kind in many orders: every token that is held is found, and every unknown one ends with
 * 404.
 */
class MixedWebServersTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "APACHE_FILES APACHE_FILES APACHE_FILES",
                "NGINX_FILES NGINX_FILES NGINX_FILES",
                "APACHE_PROXY NGINX_PROXY HAPROXY_PROXY",
                "APACHE_FILES NGINX_FILES HAPROXY_PROXY DAEMON",
                "DAEMON NGINX_FILES APACHE_FILES HAPROXY_PROXY",
                "ARTICLE APACHE_FILES NGINX_FILES HAPROXY_PROXY DAEMON",
                "ARTICLE NGINX_FILES ARTICLE APACHE_FILES DAEMON",
                "DAEMON ARTICLE ARTICLE NGINX_FILES APACHE_FILES",
                "HAPROXY_PROXY ARTICLE DAEMON NGINX_PROXY APACHE_PROXY",
            })
    void findsEveryTokenAndEndsEveryWalk(String kindNames) throws Exception {
        List<ServerKind> kinds = List.of(kindNames.split(" ", -1)).stream()
                .map(ServerKind::valueOf)
                .toList();
        int size = kinds.size();
        int maxRedirects = kinds.contains(ServerKind.ARTICLE) ? 2 * size - 1 : size - 1;
        try (WebServers servers = WebServers.withoutCa(folder, 89, size, "handoff = \"ring\"\nwatch = \"off\"")) {
            for (int node = 0; node < size; node++) {
                servers.start(node, kinds.get(node));
            }
            for (int entry = 0; entry < size; entry++) {
                for (int holder = 0; holder < size; holder++) {
                    Token token = new Token("held-by-%d-asked-at-%d".formatted(holder, entry));
                    servers.holdToken(holder, token);
                    Walk walk = servers.walk(entry, token);
                    assertThat(walk.verdict())
                            .as("%s", walk)
                            .isEqualTo(new Walk.Verdict.Accepted(new KeyAuthorization(token, WebServers.THUMBPRINT)));
                    assertThat(walk.redirects()).as("%s", walk).isLessThanOrEqualTo(size - 1);
                }
                Walk walk = servers.walk(entry, new Token("nobody-holds-it-asked-at-" + entry));
                assertThat(walk.lastStatus()).as("%s", walk).hasValue(404);
                assertThat(walk.redirects()).as("%s", walk).isLessThanOrEqualTo(maxRedirects);
            }
        }
    }

    /**
     * A web server that walks the ring itself does not know which servers are down; one that passes challenges on to
     * the daemon does.
     */
    @ParameterizedTest
    @ValueSource(strings = {"APACHE_PROXY", "NGINX_PROXY", "HAPROXY_PROXY"})
    void aDaemonBehindAWebServerSkipsAServerThatIsDown(ServerKind kind) throws Exception {
        try (WebServers servers = WebServers.withoutCa(folder, 89, 3, "handoff = \"redirect\"")) {
            servers.start(0, kind);
            servers.start(2, kind);
            Token token = new Token("held-by-2-asked-at-0");
            servers.holdToken(2, token);
            Walk walk = servers.walk(0, token);
            assertThat(walk.verdict())
                    .isEqualTo(new Walk.Verdict.Accepted(new KeyAuthorization(token, WebServers.THUMBPRINT)));
            assertThat(walk.redirects()).isEqualTo(1);
            assertThat(servers.walk(0, new Token("held-by-nobody-at-all")).lastStatus())
                    .hasValue(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"APACHE_FILES", "NGINX_FILES"})
    void withoutADaemonFindsOnlyServersBeforeTheOneThatIsDown(ServerKind kind) throws Exception {
        try (WebServers servers = WebServers.withoutCa(folder, 89, 4, "handoff = \"ring\"")) {
            for (int node : List.of(0, 1, 3)) {
                servers.start(node, kind);
            }
            Token token = new Token("held-by-1-asked-at-0");
            servers.holdToken(1, token);
            assertThat(servers.walk(0, token).verdict())
                    .isEqualTo(new Walk.Verdict.Accepted(new KeyAuthorization(token, WebServers.THUMBPRINT)));
            assertThat(servers.walk(3, token).redirects()).isEqualTo(2);
            assertThat(servers.walk(0, new Token("held-by-nobody-at-all")).lastStatus())
                    .isEmpty();
        }
    }
}
