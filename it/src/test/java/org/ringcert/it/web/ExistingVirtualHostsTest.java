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
 * Sites that have virtual hosts of their own, which send everything to https: the command finds them, and the line that
 * it prints cures them.
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
    void areFoundAndCuredByThePrintedLine(Kind kind) throws Exception {
        Make make = kind.make().orElseThrow();
        try (Servers servers = Servers.without(folder, 90, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            String own = (make == Make.APACHE ? APACHE : NGINX)
                    .replace("PORT", String.valueOf(servers.port()))
                    .replace("HTTPS", String.valueOf(servers.httpsPort()));
            servers.startWith(0, kind, own);
            Path main = servers.home(0).resolve(make == Make.APACHE ? "apache2.conf" : "nginx.conf");
            servers.hold(0, HELD);
            for (String host : List.of("www.example.org", "web2.example.org")) {
                assertThat(servers.get(0, host, HELD.path()).location().orElse(""))
                        .startsWith("https://");
            }

            Advised advised = new Advised(folder, servers, kind, main);
            String said = advised.said();

            assertThat(Advised.PLACE.matcher(said).results().map(match -> match.group(4)))
                    .as(said)
                    .containsExactlyInAnyOrder(
                            "www.example.org example.org",
                            make == Make.APACHE ? "any.example.com *.example.org" : "*.example.org",
                            "www.example.org");
            advised.cure(said);
            servers.webServer(0).orElseThrow().close();
            try (Make.Running _ = make.start(main, servers.address(0), servers.port())) {
                for (int port : List.of(servers.port(), servers.httpsPort())) {
                    Reply held = Reply.get(servers.address(0), port, "www.example.org", HELD.path());
                    assertThat(held.body()).isEqualTo(HELD + "." + Servers.THUMBPRINT);
                    Reply unknown = Reply.get(servers.address(0), port, "www.example.org", UNKNOWN.path());
                    assertThat(unknown.location().orElse(""))
                            .startsWith("http://web1.example.org:")
                            .endsWith("?left=web2.example.org");
                    assertThat(Reply.get(servers.address(0), port, "www.example.org", "/a?b")
                                    .location()
                                    .orElse(""))
                            .startsWith("https://www.example.org/")
                            .endsWith("a?b");
                }
                assertThat(servers.get(0, "web2.example.org", HELD.path()).status())
                        .isEqualTo(200);
                assertThat(advised.said()).contains("# No other virtual host of " + make.label());
            }
        }
    }

    @Test
    void ofHaproxyAreCuredByTheTwoLinesOfTheFragment() throws Exception {
        try (Servers servers = Servers.without(folder, 90, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            Kind kind = Kind.HAPROXY_PROXY;
            servers.start(0, kind);
            servers.hold(0, HELD);
            servers.webServer(0).orElseThrow().close();
            String fragment = servers.print(0, kind, "--fragment");
            List<String> lines = fragment.lines()
                    .filter(line -> line.startsWith("#     "))
                    .map(line -> line.substring(6))
                    .toList();
            String own = """
                    frontend web
                        mode http
                        timeout client 30s
                        bind %s:%d
                        CURE
                        http-request redirect scheme https code 301
                    """.formatted(servers.address(0).getHostAddress(), servers.port());
            for (boolean cured : new boolean[] {false, true}) {
                String text = own.replace("CURE", cured ? lines.get(0) : "# nothing")
                        + (cured ? "    " + lines.get(1) + "\n" : "")
                        + fragment;
                Path file = kind.make().orElseThrow().write(servers.home(0), text);
                try (Make.Running _ = Make.HAPROXY.start(file, servers.address(0), servers.port())) {
                    assertThat(servers.get(0, "www.example.org", HELD.path()).status())
                            .isEqualTo(cured ? 200 : 301);
                    assertThat(servers.get(0, "www.example.org", "/a").status()).isEqualTo(301);
                }
            }
        }
    }
}
