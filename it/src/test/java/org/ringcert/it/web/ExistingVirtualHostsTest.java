package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.challenge.Token;

/**
 * Sites with virtual hosts of their own that redirect everything to https: the command finds them, and the printed line
 * makes them answer challenges.
 */
class ExistingVirtualHostsTest {

    private static final Token HELD = new Token("held-on-this-server");
    private static final Token UNKNOWN = new Token("held-by-no-server-at-all");

    private static final String APACHE = """
            Listen HTTPS
            <VirtualHost *:PORT>
                ServerName www.example.org
                ServerAlias example.org
                Redirect permanent / https://www.example.org/
            </VirtualHost>
            <VirtualHost *:PORT>
                ServerName shop.example.org
                RewriteEngine on
                RewriteRule ^(.*)$ https://shop.example.org$1 [R=301,L]
            </VirtualHost>
            <VirtualHost *:PORT>
                ServerName any.example.com
                ServerAlias *.example.org
                Redirect permanent / https://www.example.org/
            </VirtualHost>
            <VirtualHost *:PORT>
                ServerName blog.example.net
                Redirect permanent / https://blog.example.net/
            </VirtualHost>
            <VirtualHost *:HTTPS>
                ServerName www.example.org
                Redirect permanent / https://www.example.org/new/
            </VirtualHost>
            """;

    private static final String NGINX = """
            server {
                listen PORT;
                server_name www.example.org example.org;
                return 301 https://$host$request_uri;
            }
            server {
                listen PORT; server_name shop.example.org;
                if ($host = shop.example.org) {
                    return 301 https://$host$request_uri; # of another program
                }
                return 404;
            }
            server {
                listen PORT;
                server_name *.example.org;
                rewrite ^ https://www.example.org$request_uri? permanent;
            }
            server {
                listen PORT;
                server_name blog.example.net;
                return 301 https://$host$request_uri;
            }
            server {
                listen HTTPS;
                server_name "www.example.org";
                location ~ /\\. { deny all; }
                location / { return 301 https://www.example.org/new$request_uri; }
            }
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(names = {"APACHE_FILES", "APACHE_PROXY", "NGINX_FILES", "NGINX_PROXY"})
    void findsVirtualHostsAndFixesThemWithThePrintedLine(ServerKind kind) throws Exception {
        ServerProduct product = kind.product().orElseThrow();
        try (WebServers servers = WebServers.withoutCa(folder, 90, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            String ownConfiguration = (product == ServerProduct.APACHE ? APACHE : NGINX)
                    .replace("PORT", String.valueOf(servers.port()))
                    .replace("HTTPS", String.valueOf(servers.httpsPort()));
            servers.startWith(0, kind, ownConfiguration);
            Path main = servers.folderOf(0).resolve(product == ServerProduct.APACHE ? "apache2.conf" : "nginx.conf");
            servers.holdToken(0, HELD);
            for (String host : List.of("www.example.org", "web2.example.org")) {
                assertThat(servers.get(0, host, HELD.path()).location().orElse(""))
                        .startsWith("https://");
            }

            AdviceFollower follower = new AdviceFollower(folder, servers, kind);
            String advice = follower.advice();

            assertThat(AdviceFollower.unpreparedNames(advice))
                    .as(advice)
                    .containsExactlyInAnyOrder(
                            "www.example.org example.org",
                            product == ServerProduct.APACHE ? "any.example.com *.example.org" : "*.example.org",
                            "www.example.org");
            follower.addLines(advice);
            servers.webServer(0).orElseThrow().close();
            try (ServerProduct.Running _ = product.start(main, servers.address(0), servers.port())) {
                for (int port : List.of(servers.port(), servers.httpsPort())) {
                    WebResponse held = WebResponse.get(servers.address(0), port, "www.example.org", HELD.path());
                    assertThat(held.body()).isEqualTo(HELD + "." + WebServers.THUMBPRINT);
                    WebResponse unknown = WebResponse.get(servers.address(0), port, "www.example.org", UNKNOWN.path());
                    assertThat(unknown.location().orElse(""))
                            .startsWith("http://web1.example.org:")
                            .endsWith("?left=web2.example.org");
                    assertThat(WebResponse.get(servers.address(0), port, "www.example.org", "/a?b")
                                    .location()
                                    .orElse(""))
                            .startsWith("https://www.example.org/")
                            .endsWith("a?b");
                }
                assertThat(servers.get(0, "web2.example.org", HELD.path()).status())
                        .isEqualTo(200);
                assertThat(follower.advice()).contains("# No other virtual host of " + product.label());
            }
        }
    }

    @Test
    void fixesFrontendsOfHaproxyWithTheTwoPrintedLines() throws Exception {
        try (WebServers servers = WebServers.withoutCa(folder, 90, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            ServerKind kind = ServerKind.HAPROXY_PROXY;
            servers.start(0, kind);
            servers.holdToken(0, HELD);
            servers.webServer(0).orElseThrow().close();
            String fragment = servers.printed(0, kind, "--fragment");
            List<String> lines = fragment.lines()
                    .filter(line -> line.startsWith("#     "))
                    .map(line -> line.substring(6))
                    .toList();
            String ownConfiguration = """
                    frontend web
                        mode http
                        timeout client 30s
                        bind %s:%d
                        LINES
                        http-request redirect scheme https code 301
                    """.formatted(servers.address(0).getHostAddress(), servers.port());
            for (boolean withLines : new boolean[] {false, true}) {
                String text = ownConfiguration.replace("LINES", withLines ? lines.get(0) : "# nothing")
                        + (withLines ? "    " + lines.get(1) + "\n" : "")
                        + fragment;
                Path file = kind.product().orElseThrow().writeMainFile(servers.folderOf(0), text);
                try (ServerProduct.Running _ = ServerProduct.HAPROXY.start(file, servers.address(0), servers.port())) {
                    assertThat(servers.get(0, "www.example.org", HELD.path()).status())
                            .isEqualTo(withLines ? 200 : 301);
                    assertThat(servers.get(0, "www.example.org", "/a").status()).isEqualTo(301);
                }
            }
        }
    }
}
