package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
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
 * Configurations of nginx as administrators write them: after following all advice, challenges are answered, and the
 * command confirms it.
 */
class NginxAdviceTest {

    private static final Token HELD = new Token("held-on-this-server");
    private static final String RETURN = "return 301 https://$host$request_uri;";

    @TempDir
    private Path folder;

    /** An existing configuration, an expected part of the advice, and what a person changes besides adding the line. */
    static Stream<Arguments> existing() {
        UnaryOperator<String> noChange = text -> text;
        return Stream.of(
                argumentSet("an expression", """
                        server {
                            listen PORT;
                            server_name ~^(www|shop)\\.example\\.org$;
                            return 301 https://$host$request_uri;
                        }
                        """, "~^(www|shop)", noChange),
                argumentSet("an expression with a named group and capitals, quoted", """
                        server
                        {
                            server_name blog.example.net;
                            server_name "~^(?<the_name>WWW)\\.example\\.org$";
                            listen PORT;
                            if ($scheme = http) { return 301 https://$host$request_uri; }
                        }
                        """, "(?<the_name>WWW)", noChange),
                argumentSet("capitals, and a name in a line of its own", """
                        server {
                            listen PORT; server_name
                                blog.example.net # {
                                WWW.Example.Org;
                            return 301 https://$host$request_uri;
                        }
                        """, "WWW.Example.Org", noChange),
                argumentSet(
                        "another site that is the default of an address",
                        """
                        server {
                            listen  ADDRESS:PORT;
                            server_name blog.example.net;
                            return 301 https://$host$request_uri;
                        }
                        """,
                        "every name without a block of its own at 127.93.0.2",
                        noChange),
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
                        "remove `include old*.conf`, which contains the location at ",
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
                                    .filter(newToken -> newToken.endsWith("# late"))
                                    .findFirst()
                                    .orElseThrow();
                            return text.replace(line, "").replace("    rewrite ^/blog", line + "\n    rewrite ^/blog");
                        }),
                argumentSet("balancer", """
                        server {
                            listen PORT proxy_protocol;
                            server_name www.example.org;
                            include FRAGMENT;
                        }
                        """, "with `proxy_protocol`, nginx at 127.93.0.1:", (UnaryOperator<String>)
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
    @MethodSource("existing")
    void answersChallengesAfterAllAdviceIsFollowed(String existing, String expected, UnaryOperator<String> manualChange)
            throws Exception {
        ServerKind kind = ServerKind.NGINX_FILES;
        try (WebServers servers = WebServers.withoutCa(folder, 93, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            InetAddress address = servers.address(existing.contains("ADDRESS") ? 1 : 0);
            Files.writeString(
                    servers.folderOf(0).resolve("old one.conf"),
                    "location ^~ /.well-known/acme-challenge/ { root /nowhere; }\n");
            servers.startWith(
                    0,
                    kind,
                    existing.replace("ADDRESS", servers.address(1).getHostAddress())
                            .replace("PORT", String.valueOf(servers.port())));
            servers.holdToken(0, HELD);
            Path main = servers.folderOf(0).resolve("nginx.conf");
            AdviceFollower follower = new AdviceFollower(folder, servers, ServerKind.NGINX_FILES);
            assertThat(status(servers, address)).isNotEqualTo(200);

            String advice = follower.advice();

            assertThat(advice).contains(expected);
            if (advice.contains("do not answer challenges yet")) {
                follower.addLines(advice);
            }
            Files.writeString(main, manualChange.apply(Files.readString(main)));
            servers.webServer(0).orElseThrow().close();
            try (ServerProduct.Running _ = ServerProduct.NGINX.start(main, servers.address(0), servers.port())) {
                assertThat(status(servers, address)).isEqualTo(200);
                assertThat(follower.advice()).contains("# No other virtual host of nginx");
            }
        }
    }

    private static int status(WebServers servers, InetAddress address) {
        try {
            return WebResponse.get(address, servers.port(), "www.example.org", HELD.path())
                    .status();
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void recognizesAnExistingLineHoweverItIsIncluded() throws Exception {
        try (WebServers servers = WebServers.withoutCa(folder, 93, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            Path common = Files.createDirectories(servers.folderOf(0).resolve("conf/common"));
            Files.writeString(
                    common.resolve("challenges.conf"),
                    "include " + servers.folderOf(0).resolve("ringcert-challenges.conf") + ";\n");
            servers.startWith(0, ServerKind.NGINX_FILES, """
                    server {
                        include conf/*/*.conf;
                        listen %d;
                        server_name www.example.org;
                        %s
                    }
                    """.formatted(servers.port(), RETURN));
            servers.holdToken(0, HELD);
            assertThat(status(servers, servers.address(0))).isEqualTo(200);
            AdviceFollower follower = new AdviceFollower(folder, servers, ServerKind.NGINX_FILES);

            assertThat(follower.advice()).contains("# No other virtual host of nginx");

            Path fragment = servers.folderOf(0).resolve("ringcert-challenges.conf");
            Files.writeString(fragment, Files.readString(fragment).replace("satisfy any;", ""));
            assertThat(follower.advice())
                    .contains(
                            fragment + ":",
                            "an earlier version of Ringcert printed this: replace it with the output of `ringcert web nginx --fragment`");
        }
    }

    @Test
    void warnsAboutASecondDefaultServerAndShowsNginxsError() throws Exception {
        try (WebServers servers = WebServers.withoutCa(folder, 93, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            String existing = """
                    server {
                        listen %1$d default_server;
                        listen [::]:%1$d ipv6only=off;
                        server_name blog.example.net;
                        %2$s
                    }
                    """.formatted(servers.port(), RETURN);
            Path main = ServerProduct.NGINX.writeMainFile(servers.folderOf(0), existing);
            AdviceFollower follower = new AdviceFollower(folder, servers, ServerKind.NGINX_FILES);

            assertThat(follower.advice())
                    .contains(
                            main + ":10  `default_server` is set here, and 0.0.0.0:" + servers.port()
                                    + " can have only one",
                            main + ":11  with `ipv6only=off`, this listens on IPv4 as well")
                    .doesNotContain("do not answer challenges yet");

            ServerProduct.NGINX.writeMainFile(
                    servers.folderOf(0), existing + servers.printed(0, ServerKind.NGINX_FILES));
            assertThat(follower.advice())
                    .contains(
                            "a duplicate default server for 0.0.0.0:" + servers.port(),
                            "remove `default_server` from the other block")
                    .doesNotContain("as root;", "try it as root");
        }
    }

    /** Each of these denies, limits or rewrites requests unless the location overrides it. */
    @ParameterizedTest
    @EnumSource(names = {"NGINX_FILES", "NGINX_PROXY"})
    void surroundingDirectivesDoNotAffectChallenges(ServerKind kind) throws Exception {
        try (WebServers servers = WebServers.withoutCa(folder, 93, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
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
            StringBuilder existing =
                    new StringBuilder("""
                    limit_req_zone $server_name zone=slow:1m rate=1r/m;
                    limit_conn_zone $server_name zone=one:1m;
                    proxy_cache_path %s keys_zone=keep:1m;
                    """.formatted(servers.folderOf(0).resolve("cache")));
            for (int i = 0; i < surroundings.size(); i++) {
                existing.append(
                        "server {\n    include FRAGMENT;\n    listen %d;\n    server_name s%d.example.org;\n    %s\n}\n"
                                .formatted(servers.port(), i, surroundings.get(i)));
            }
            servers.startWith(0, kind, existing.toString());
            for (int i = 0; i < surroundings.size(); i++) {
                String host = "s" + i + ".example.org";
                Token newToken = new Token("not-there-before-" + i);
                assertThat(servers.get(0, host, newToken.path()).location().orElse(""))
                        .as(surroundings.get(i))
                        .startsWith("http://web1.example.org:");
                assertThat(servers.get(0, host, newToken.path() + "?left=").status())
                        .as(surroundings.get(i))
                        .isEqualTo(404);
                servers.holdToken(0, newToken);
                assertThat(servers.get(0, host, newToken.path()).status())
                        .as(surroundings.get(i))
                        .isEqualTo(200);
            }
        }
    }
}
