package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ringcert.challenge.Token;

/**
 * Configurations of HAProxy as administrators write them: after following all advice, challenges are answered, and the
 * command confirms it.
 */
class HaproxyAdviceTest {

    private static final Token HELD = new Token("held-on-this-server");
    private static final String DEFAULTS = """
            defaults
              timeout connect 2s
              timeout client 10s
              timeout server 10s
            """;

    @TempDir
    private Path folder;

    /**
     * An existing configuration, with comments in the places of Ringcert's two lines; an expected part of the advice;
     * and what a person changes besides adding the lines.
     */
    static Stream<Arguments> existing() {
        UnaryOperator<String> noChange = text -> text;
        return Stream.of(
                argumentSet("indented sections, unindented keywords, quotes", """
                          frontend web
                        mode http
                        bind "ADDRESS:PORT"
                        # FIRST
                        http-request redirect scheme https code 301
                        # SECOND
                        """, "frontend web", noChange),
                argumentSet(
                        "several addresses, mode from named defaults",
                        """
                        defaults pages
                          mode http
                          timeout connect 2s
                          timeout client 10s
                          timeout server 10s
                        frontend web from pages
                          bind ADDRESS:1PORT,ADDRESS:PORT
                          # FIRST
                          http-request return status 403 unless { hdr(host) -i blog.example.net }
                          # SECOND
                          use_backend blog if TRUE
                        backend blog from pages
                          http-request deny
                        # EMPTY
                        """,
                        "write a line with the single word `defaults`",
                        (UnaryOperator<String>) text -> text.replace("# EMPTY", "defaults")),
                argumentSet("a listen section with a port from a variable", """
                        global
                          setenv HTTP_PORT PORT
                        DEFAULTS
                        listen web
                          mode http
                          bind "ADDRESS:${HTTP_PORT}"
                          server s 127.0.0.1:1
                          # FIRST
                          http-request auth
                          # SECOND
                        """, "listen web", noChange),
                argumentSet(
                        "TCP passed on to a frontend that redirects", """
                        frontend door
                          mode tcp
                          bind ADDRESS:PORT
                          default_backend inside
                        backend inside
                          mode tcp
                          server s abns@ringcert-test-PORT send-proxy-v2
                        frontend web
                          mode http
                          bind abns@ringcert-test-PORT accept-proxy
                          # FIRST
                          http-request redirect scheme https
                          # SECOND
                        """, "via frontend door: frontend web", noChange),
                argumentSet(
                        "a redirect rule that is not an http-request",
                        """
                        frontend web
                          mode http
                          bind ADDRESS:PORT
                          # FIRST
                          # MOVED
                          # SECOND
                          redirect scheme https code 301
                        """,
                        "write `http-request redirect scheme https code 301` instead, below the first line",
                        (UnaryOperator<String>) text -> text.replace("  redirect scheme https code 301\n", "")
                                .replace("# MOVED", "http-request redirect scheme https code 301")),
                argumentSet(
                        "rules of defaults",
                        """
                        defaults strict
                          mode http
                          timeout connect 2s
                          timeout client 10s
                          timeout server 10s
                          # MOVED
                          http-request redirect scheme https
                        frontend web from strict
                          bind ADDRESS:PORT
                          # FIRST
                          # SECOND
                        # EMPTY
                        """,
                        "in these defaults runs before all rules of its frontends",
                        (UnaryOperator<String>) text -> text.replace(
                                        "# MOVED", "http-request allow if { path_beg /.well-known/acme-challenge/ }")
                                .replace("# EMPTY", "defaults")),
                argumentSet(
                        "rules for connections and responses",
                        """
                        frontend web
                          mode http
                          bind ADDRESS:PORT
                          tcp-request inspect-delay 5s
                          tcp-request content reject unless { req.len lt 10 }
                          # FIRST
                          http-response deny if { status 200 }
                          # SECOND
                        """,
                        "nobody knows the CA's addresses in advance",
                        (UnaryOperator<String>) text -> text.replaceAll(" *tcp-request content.*\n", "")
                                .replace(
                                        "mode http\n  bind",
                                        "mode http\n  http-request set-var(txn.ringcert) bool(true) if { path_beg /.well-known/acme-challenge/ }\n  bind")
                                .replace("{ status 200 }", "{ status 200 } !{ var(txn.ringcert) -m bool }")),
                argumentSet(
                        "a balancer",
                        """
                        frontend web
                          mode http
                          bind ADDRESS:PORT accept-proxy
                          # FIRST
                          # SECOND
                        """,
                        "with `accept-proxy`, HAProxy accepts only connections that begin with the PROXY protocol",
                        (UnaryOperator<String>)
                                text -> text.replace(" accept-proxy", "")
                                        .replace(
                                                "  # FIRST",
                                                "  tcp-request connection expect-proxy layer4 if { src 192.0.2.1 }\n  # FIRST")),
                argumentSet(
                        "conditions that test more than the path",
                        """
                        frontend web
                          mode http
                          bind ADDRESS:PORT
                          acl lan src 192.168.0.0/16
                          acl acme path_beg /.well-known/acme-challenge/
                          # FIRST
                          http-request allow if acme lan
                          http-request deny unless { src 192.168.0.0/16 } || lan
                          # SECOND
                          use_backend ringcert-challenges if acme { hdr(host) -i blog.example.net }
                        """,
                        "Ringcert does not understand its condition, or the condition tests more than the path",
                        noChange),
                argumentSet("conditions that exclude challenges, in other notations", """
                        frontend web
                          mode http
                          bind ADDRESS:PORT
                          acl lan src 192.168.0.0/16
                          acl acme path -m beg /.well-known/acme-challenge/
                          http-request deny if !acme lan or !acme
                          use_backend ringcert-challenges unless !acme or FALSE
                        """, "haproxy -c -f", noChange),
                argumentSet(
                        "statistics everywhere",
                        """
                        frontend web
                          mode http
                          bind ADDRESS:PORT
                          stats uri /
                          # FIRST
                          http-request deny
                          # SECOND
                        """,
                        "takes over the path of challenges for the statistics page",
                        (UnaryOperator<String>) text -> text.replace("stats uri /", "stats uri /haproxy-stats")),
                argumentSet(
                        "another status for all responses",
                        """
                        frontend web
                          mode http
                          bind ADDRESS:PORT
                          # MARKED
                          # FIRST
                          http-request deny
                          # SECOND
                          http-after-response set-status 403
                        """,
                        "applies, or may apply, to responses to challenges",
                        (UnaryOperator<String>) text -> text.replace(
                                        "# MARKED",
                                        "http-request set-var(txn.ringcert) bool(true) if { path_beg /.well-known/acme-challenge/ }")
                                .replace("set-status 403", "set-status 403 if !{ var(txn.ringcert) -m bool }")),
                argumentSet("defaults for servers", """
                        defaults
                          mode http
                          timeout connect 2s
                          timeout client 10s
                          timeout server 10s
                          source 127.94.0.3
                          option httpchk
                          default-server check ssl verify none send-proxy-v2 proto h2 disabled
                        frontend web
                          bind ADDRESS:PORT
                          # FIRST
                          # SECOND
                        """, "frontend web", noChange));
    }

    @ParameterizedTest
    @MethodSource("existing")
    void answersChallengesAfterAllAdviceIsFollowed(String existing, String expected, UnaryOperator<String> manualChange)
            throws Exception {
        ServerKind kind = ServerKind.HAPROXY_PROXY;
        try (WebServers servers = WebServers.withoutCa(folder, 94, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            servers.start(0, kind);
            servers.holdToken(0, HELD);
            servers.webServer(0).orElseThrow().close();
            String text = existing.replace("DEFAULTS\n", DEFAULTS)
                    .replace("1PORT", String.valueOf(servers.httpsPort()))
                    .replace("ADDRESS", servers.address(0).getHostAddress())
                    .replace("PORT", String.valueOf(servers.port()));
            text = text.contains("timeout connect") ? text : DEFAULTS + text;
            Path main = ServerProduct.HAPROXY.writeMainFile(servers.folderOf(0), text);
            AdviceFollower follower = new AdviceFollower(folder, servers, kind);

            String advice = follower.advice();

            assertThat(advice).contains(expected, "haproxy -c -f " + main);
            String fragment = servers.printed(0, kind, "--fragment");
            Files.writeString(main, manualChange.apply(withLines(advice, main, fragment)) + fragment);
            try (ServerProduct.Running _ = ServerProduct.HAPROXY.start(main, servers.address(0), servers.port())) {
                assertThat(servers.get(0, "www.example.org", HELD.path()).status())
                        .isEqualTo(200);
                assertThat(servers.get(0, "www.example.org", "/page").status()).isNotEqualTo(200);
                assertThat(follower.advice()).contains("# No other virtual host of haproxy");
            }
        }
    }

    @Test
    void readsAndChecksAllFilesOfTheService() throws Exception {
        ServerKind kind = ServerKind.HAPROXY_PROXY;
        try (WebServers servers = WebServers.withoutCa(folder, 94, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            Path main = ServerProduct.HAPROXY.writeMainFile(servers.folderOf(0), DEFAULTS + "  mode http\n");
            Path secondFolder = Files.createDirectory(servers.folderOf(0).resolve("conf.d"));
            Path lastFile = Files.writeString(secondFolder.resolve("web.cfg"), """
                    frontend web
                      bind :%d
                      http-request redirect scheme https
                    """.formatted(servers.port()));
            Files.writeString(secondFolder.resolve("README"), "no configuration");

            assertThat(new AdviceFollower(folder, servers, kind).adviceForHaproxyFiles(main, secondFolder))
                    .contains(
                            "#   " + lastFile + ":1  port " + servers.port() + ": frontend web",
                            "# HAProxy reads " + lastFile + " last",
                            "haproxy -c -f " + main + " -f " + secondFolder,
                            lastFile + ":2  frontend web listens on port " + servers.port() + " itself");
        }
    }

    @Test
    void reportsWhatHaproxyRejects() throws Exception {
        ServerKind kind = ServerKind.HAPROXY_PROXY;
        try (WebServers servers = WebServers.withoutCa(folder, 94, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            String existing = DEFAULTS.replace("defaults", "defaults web") + """
                      mode http
                      http-request set-header X-A b
                    frontend f from web
                      bind 127.0.0.1:%d
                    """.formatted(servers.httpsPort() + 1);
            Path main = ServerProduct.HAPROXY.writeMainFile(
                    servers.folderOf(0), existing + servers.printed(0, kind, "--fragment"));
            AdviceFollower follower = new AdviceFollower(folder, servers, kind);
            assertThat(follower.advice())
                    .contains(
                            "HAProxy rejects its configuration on disk",
                            "explicitly referenced by another proxy",
                            "write a line with the single word `defaults` above `backend ringcert-challenges` (" + main
                                    + ":");

            Files.writeString(
                    main, Files.readString(main).replace("\nbackend ringcert", "\ndefaults\nbackend ringcert"));
            assertThat(follower.advice()).contains("# No other virtual host of haproxy");

            Files.writeString(main, Files.readString(main) + "  unheard-of x\n");
            assertThat(follower.advice())
                    .contains("HAProxy rejects its configuration", "unknown keyword 'unheard-of'")
                    .doesNotContain("No other virtual host");
        }
    }

    /** Writes the two lines into each section that is listed. */
    private static String withLines(String advice, Path main, String fragment) throws IOException {
        List<String> lines = fragment.lines()
                .filter(line -> line.startsWith("#     "))
                .map(line -> line.substring(6))
                .toList();
        StringBuilder text = new StringBuilder(Files.readString(main));
        for (AdviceFollower.FileLine section :
                AdviceFollower.unpreparedLines(advice).toList()) {
            assertThat(section.file()).isEqualTo(main);
            int start = 0;
            for (int line = 1; line < section.number(); line++) {
                start = text.indexOf("\n", start) + 1;
            }
            replaceFrom(text, start, "# FIRST", lines.get(0));
            replaceFrom(text, start, "# SECOND", lines.get(1));
        }
        return text.toString();
    }

    private static void replaceFrom(StringBuilder text, int start, String placeholder, String line) {
        int index = text.indexOf(placeholder, start);
        text.replace(index, index + placeholder.length(), line);
    }
}
