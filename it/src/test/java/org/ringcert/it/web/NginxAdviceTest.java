package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ringcert.challenge.Token;

/**
 * What administrators have written for nginx: who does all that the command says has challenges that are answered, and
 * then the command says so.
 */
class NginxAdviceTest {

    private static final Token HELD = new Token("held-on-this-server");
    private static final String RETURN = "return 301 https://$host$request_uri;";

    @TempDir
    private Path folder;

    /** Own configuration; what is said of it; what a person then does beside writing the line. */
    static Stream<Arguments> own() {
        UnaryOperator<String> nothing = text -> text;
        return Stream.of(
                argumentSet("an expression", """
                        server {
                            listen PORT;
                            server_name ~^(www|shop)\\.example\\.org$;
                            return 301 https://$host$request_uri;
                        }
                        """, "~^(www|shop)", nothing),
                argumentSet("an expression with a named group and capitals, quoted", """
                        server
                        {
                            server_name blog.example.net;
                            server_name "~^(?<the_name>WWW)\\.example\\.org$";
                            listen PORT;
                            if ($scheme = http) { return 301 https://$host$request_uri; }
                        }
                        """, "(?<the_name>WWW)", nothing),
                argumentSet("capitals, and a name in a line of its own", """
                        server {
                            listen PORT; server_name
                                blog.example.net # {
                                WWW.Example.Org;
                            return 301 https://$host$request_uri;
                        }
                        """, "WWW.Example.Org", nothing),
                argumentSet(
                        "another site that is the default of an address",
                        """
                        server {
                            listen  ADDRESS:PORT;
                            server_name blog.example.net;
                            return 301 https://$host$request_uri;
                        }
                        """,
                        "every name that no other block has at 127.93.0.2",
                        nothing),
                argumentSet("a location of its own", """
                        server {
                            listen PORT;
                            server_name www.example.org;
                            location /.well-known/acme-challenge/ { root /nowhere; } # old
                        }
                        """, "remove this location", (UnaryOperator<String>)
                        text -> text.replaceAll(".*# old\n", "")),
                argumentSet(
                        "a location of its own in another file",
                        """
                        server {
                            listen PORT;
                            server_name www.example.org;
                            include old*.conf;
                        }
                        """,
                        "remove `include old*.conf`, which brings the location at ",
                        (UnaryOperator<String>) text -> text.replace("include old*.conf;", "")),
                argumentSet(
                        "the line too late",
                        """
                        server {
                            listen PORT;
                            server_name www.example.org;
                            rewrite ^/blog/ /news/ permanent;
                            rewrite ^/(.*)$ https://www.example.org/$1 permanent;
                            include FRAGMENT; # late
                        }
                        """,
                        "`rewrite ^/(.*)$ https://www.example.org/$1 permanent` comes before Ringcert's line",
                        (UnaryOperator<String>) text -> {
                            String line = text.lines()
                                    .filter(late -> late.endsWith("# late"))
                                    .findFirst()
                                    .orElseThrow();
                            return text.replace(line, "").replace("    rewrite ^/blog", line + "\n    rewrite ^/blog");
                        }),
                argumentSet(
                        "balancer", """
                        server {
                            listen PORT proxy_protocol;
                            server_name www.example.org;
                            include FRAGMENT;
                        }
                        """, "with `proxy_protocol` nginx answers at 127.93.0.1:", (UnaryOperator<String>)
                                text -> text.replaceAll("listen .* proxy_protocol;", "listen unix:/tmp/none.sock;")),
                argumentSet("http2 without TLS", """
                        server {
                            listen PORT http2;
                            server_name www.example.org;
                            include FRAGMENT;
                        }
                        """, "with `http2` and without `ssl`", (UnaryOperator<String>)
                        text -> text.replace(" http2", "")));
    }

    @ParameterizedTest
    @MethodSource("own")
    void whatIsAdvisedIsEnough(String own, String expected, UnaryOperator<String> byHand) throws Exception {
        Kind kind = Kind.NGINX_FILES;
        try (Servers servers = Servers.without(folder, 93, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            InetAddress address = servers.address(own.contains("ADDRESS") ? 1 : 0);
            Files.writeString(
                    servers.home(0).resolve("old one.conf"),
                    "location ^~ /.well-known/acme-challenge/ { root /nowhere; }\n");
            servers.startWith(
                    0,
                    kind,
                    own.replace("ADDRESS", servers.address(1).getHostAddress())
                            .replace("PORT", String.valueOf(servers.port())));
            servers.hold(0, HELD);
            Path main = servers.home(0).resolve("nginx.conf");
            Advised advised = new Advised(folder, servers, kind, main);
            assertThat(status(servers, address)).isNotEqualTo(200);

            String said = advised.said();

            assertThat(said).contains(expected);
            if (said.contains("do not answer challenges yet")) {
                advised.cure(said);
            }
            Files.writeString(main, byHand.apply(Files.readString(main)));
            servers.webServer(0).orElseThrow().close();
            try (Make.Running _ = Make.NGINX.start(main, servers.address(0), servers.port())) {
                assertThat(status(servers, address)).isEqualTo(200);
                assertThat(advised.said()).contains("# No other virtual host of nginx");
            }
        }
    }

    private static int status(Servers servers, InetAddress address) {
        try {
            return Reply.get(address, servers.port(), "www.example.org", HELD.path())
                    .status();
        } catch (java.io.IOException e) {
            return 0;
        }
    }

    @Test
    void theLineThatStandsAlreadyHoweverIncludedIsSeen() throws Exception {
        try (Servers servers = Servers.without(folder, 93, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            Path common = Files.createDirectories(servers.home(0).resolve("conf/common"));
            Files.writeString(
                    common.resolve("challenges.conf"),
                    "include " + servers.home(0).resolve("ringcert-challenges.conf") + ";\n");
            servers.startWith(0, Kind.NGINX_FILES, """
                    server {
                        include conf/*/*.conf;
                        listen %d;
                        server_name www.example.org;
                        %s
                    }
                    """.formatted(servers.port(), RETURN));
            servers.hold(0, HELD);
            assertThat(status(servers, servers.address(0))).isEqualTo(200);
            Advised advised = new Advised(
                    folder, servers, Kind.NGINX_FILES, servers.home(0).resolve("nginx.conf"));

            assertThat(advised.said()).contains("# No other virtual host of nginx");

            Path fragment = servers.home(0).resolve("ringcert-challenges.conf");
            Files.writeString(fragment, Files.readString(fragment).replace("satisfy any;", ""));
            assertThat(advised.said())
                    .contains(fragment + ":", "is from an earlier version: save what `ringcert web nginx --fragment`");
        }
    }

    @Test
    void aSecondDefaultServerIsForetoldAndNginxsOwnWordsAreShownWhenItIsThere() throws Exception {
        try (Servers servers = Servers.without(folder, 93, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            String own = """
                    server {
                        listen %1$d default_server;
                        listen [::]:%1$d ipv6only=off;
                        server_name blog.example.net;
                        %2$s
                    }
                    """.formatted(servers.port(), RETURN);
            Path main = Make.NGINX.write(servers.home(0), own);
            Advised advised = new Advised(folder, servers, Kind.NGINX_FILES, main);

            assertThat(advised.said())
                    .contains(
                            main + ":10  `default_server` stands here, and 0.0.0.0:" + servers.port() + " has one only",
                            main + ":11  with `ipv6only=off` this takes IPv4 as well")
                    .doesNotContain("do not answer challenges yet");

            Make.NGINX.write(servers.home(0), own + servers.print(0, Kind.NGINX_FILES));
            assertThat(advised.said())
                    .contains(
                            "a duplicate default server for 0.0.0.0:" + servers.port(),
                            "take `default_server` out of the other block")
                    .doesNotContain("as root;", "try it as root");
        }
    }

    /** Each of these forbids, limits or rewrites what a location does not say otherwise. */
    @ParameterizedTest
    @EnumSource(names = {"NGINX_FILES", "NGINX_PROXY"})
    void whatSurroundsTheLineDoesNotTouchChallenges(Kind kind) throws Exception {
        try (Servers servers = Servers.without(folder, 93, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            List<String> surroundings = List.of(
                    "auth_basic secret; auth_basic_user_file /nowhere;",
                    "satisfy all; allow 192.0.2.1; deny all; auth_basic secret; auth_basic_user_file /nowhere;",
                    "auth_request /auth; location = /auth { return 401; }",
                    "auth_request /auth; location = /auth { proxy_pass http://127.93.0.3:1; }",
                    "limit_req zone=slow; limit_conn one 1;",
                    "error_page 302 403 404 405 = /page; proxy_intercept_errors on; location = /page { return 200 page; }",
                    "open_file_cache max=100; open_file_cache_errors on;",
                    "proxy_bind 127.93.0.3; proxy_cache keep; proxy_cache_valid any 1m;",
                    "try_files /none =403;",
                    "if ($host) { return 403; }");
            StringBuilder own = new StringBuilder("""
                    limit_req_zone $server_name zone=slow:1m rate=1r/m;
                    limit_conn_zone $server_name zone=one:1m;
                    proxy_cache_path %s keys_zone=keep:1m;
                    """.formatted(servers.home(0).resolve("cache")));
            for (int i = 0; i < surroundings.size(); i++) {
                own.append(
                        "server {\n    include FRAGMENT;\n    listen %d;\n    server_name s%d.example.org;\n    %s\n}\n"
                                .formatted(servers.port(), i, surroundings.get(i)));
            }
            servers.startWith(0, kind, own.toString());
            for (int i = 0; i < surroundings.size(); i++) {
                String host = "s" + i + ".example.org";
                Token late = new Token("not-there-before-" + i);
                assertThat(servers.get(0, host, late.path()).location().orElse(""))
                        .as(surroundings.get(i))
                        .startsWith("http://web1.example.org:");
                assertThat(servers.get(0, host, late.path() + "?left=").status())
                        .as(surroundings.get(i))
                        .isEqualTo(404);
                servers.hold(0, late);
                assertThat(servers.get(0, host, late.path()).status())
                        .as(surroundings.get(i))
                        .isEqualTo(200);
            }
        }
    }
}
