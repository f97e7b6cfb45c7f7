package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ringcert.challenge.Token;

/**
 * What administrators have written for HAProxy: who does all that the command says has challenges that are answered,
 * and then the command says so.
 */
class HaproxyAdviceTest {

    private static final Token HELD = new Token("held-on-this-server");
    private static final Pattern PLACE = Pattern.compile("(?m)^# {3}(/.*):([0-9]+)  (?:port|all) .*$");
    private static final String DEFAULTS = """
            defaults
              timeout connect 2s
              timeout client 10s
              timeout server 10s
            """;

    @TempDir
    private Path folder;

    /**
     * Own configuration, in which lines stand that a person puts Ringcert's two in the place of; what is said of it;
     * what a person then does besides.
     */
    static Stream<Arguments> own() {
        UnaryOperator<String> nothing = text -> text;
        return Stream.of(
                argumentSet("indented sections, keywords that are not, quotes", """
                          frontend web
                        mode http
                        bind "ADDRESS:PORT"
                        # FIRST
                        http-request redirect scheme https code 301
                        # SECOND
                        """, "frontend web", nothing),
                argumentSet(
                        "several addresses, mode by defaults that are named",
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
                        "write a line with the one word `defaults`",
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
                        """, "listen web", nothing),
                argumentSet(
                        "bytes passed on to a frontend that redirects",
                        """
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
                        """,
                        "by way of frontend door: frontend web",
                        nothing),
                argumentSet(
                        "the mere word redirect",
                        """
                        frontend web
                          mode http
                          bind ADDRESS:PORT
                          # FIRST
                          # MOVED
                          # SECOND
                          redirect scheme https code 301
                        """,
                        "write `http-request redirect scheme https code 301`, below the first line",
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
                        "of these defaults comes before all that its frontends say",
                        (UnaryOperator<String>) text -> text.replace(
                                        "# MOVED", "http-request allow if { path_beg /.well-known/acme-challenge/ }")
                                .replace("# EMPTY", "defaults")),
                argumentSet(
                        "rules for connections and answers",
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
                        "the CA's addresses are not known beforehand",
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
                        "with `accept-proxy` HAProxy answers here only who begins with the PROXY protocol",
                        (UnaryOperator<String>)
                                text -> text.replace(" accept-proxy", "")
                                        .replace(
                                                "  # FIRST",
                                                "  tcp-request connection expect-proxy layer4 if { src 192.0.2.1 }\n  # FIRST")),
                argumentSet(
                        "conditions that ask for more than the path",
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
                        "its condition is not understood here, or asks for more than the path",
                        nothing),
                argumentSet("conditions that leave challenges alone, in other words", """
                        frontend web
                          mode http
                          bind ADDRESS:PORT
                          acl lan src 192.168.0.0/16
                          acl acme path -m beg /.well-known/acme-challenge/
                          http-request deny if !acme lan or !acme
                          use_backend ringcert-challenges unless !acme or FALSE
                        """, "haproxy -c -f", nothing),
                argumentSet(
                        "statistics everywhere", """
                        frontend web
                          mode http
                          bind ADDRESS:PORT
                          stats uri /
                          # FIRST
                          http-request deny
                          # SECOND
                        """, "takes the path of challenges for its own page", (UnaryOperator<
                                        String>)
                                text -> text.replace("stats uri /", "stats uri /haproxy-stats")),
                argumentSet(
                        "another state for all answers", """
                        frontend web
                          mode http
                          bind ADDRESS:PORT
                          # MARKED
                          # FIRST
                          http-request deny
                          # SECOND
                          http-after-response set-status 403
                        """, "holds for answers to challenges as well", (UnaryOperator<
                                        String>)
                                text -> text.replace(
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
                        """, "frontend web", nothing));
    }

    @ParameterizedTest
    @MethodSource("own")
    void whatIsAdvisedIsEnough(String own, String expected, UnaryOperator<String> byHand) throws Exception {
        Kind kind = Kind.HAPROXY_PROXY;
        try (Servers servers = Servers.without(folder, 94, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            servers.start(0, kind);
            servers.hold(0, HELD);
            servers.webServer(0).orElseThrow().close();
            String text = own.replace("DEFAULTS\n", DEFAULTS)
                    .replace("1PORT", String.valueOf(servers.httpsPort()))
                    .replace("ADDRESS", servers.address(0).getHostAddress())
                    .replace("PORT", String.valueOf(servers.port()));
            text = text.contains("timeout connect") ? text : DEFAULTS + text;
            Path main = Make.HAPROXY.write(servers.home(0), text);
            Advised advised = new Advised(folder, servers, kind, main);

            String said = advised.said();

            assertThat(said).contains(expected, "haproxy -c -f " + main);
            String fragment = servers.print(0, kind, "--fragment");
            Files.writeString(main, byHand.apply(cured(said, main, fragment)) + fragment);
            try (Make.Running _ = Make.HAPROXY.start(main, servers.address(0), servers.port())) {
                assertThat(servers.get(0, "www.example.org", HELD.path()).status())
                        .isEqualTo(200);
                assertThat(servers.get(0, "www.example.org", "/page").status()).isNotEqualTo(200);
                assertThat(advised.said()).contains("# No other virtual host of haproxy");
            }
        }
    }

    @Test
    void allFilesOfTheServiceAreReadAndChecked() throws Exception {
        Kind kind = Kind.HAPROXY_PROXY;
        try (Servers servers = Servers.without(folder, 94, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            Path main = Make.HAPROXY.write(servers.home(0), DEFAULTS + "  mode http\n");
            Path more = Files.createDirectory(servers.home(0).resolve("conf.d"));
            Path last = Files.writeString(more.resolve("web.cfg"), """
                    frontend web
                      bind :%d
                      http-request redirect scheme https
                    """.formatted(servers.port()));
            Files.writeString(more.resolve("README"), "no configuration");

            assertThat(new Advised(folder, servers, kind, Path.of(main + " -f " + more)).said())
                    .contains(
                            "#   " + last + ":1  port " + servers.port() + ": frontend web",
                            "# HAProxy reads " + last + " last",
                            "haproxy -c -f " + main + " -f " + more,
                            last + ":2  frontend web has port " + servers.port() + " itself");
        }
    }

    @Test
    void whatHaproxyRefusesIsSaid() throws Exception {
        Kind kind = Kind.HAPROXY_PROXY;
        try (Servers servers = Servers.without(folder, 94, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            String own = DEFAULTS.replace("defaults", "defaults web") + """
                      mode http
                      http-request set-header X-A b
                    frontend f from web
                      bind 127.0.0.1:%d
                    """.formatted(servers.httpsPort() + 1);
            Path main = Make.HAPROXY.write(servers.home(0), own + servers.print(0, kind, "--fragment"));
            Advised advised = new Advised(folder, servers, kind, main);
            assertThat(advised.said())
                    .contains(
                            "HAProxy refuses its configuration as it is on disk",
                            "explicitly referenced by another proxy",
                            "write a line with the one word `defaults` above `backend ringcert-challenges` (" + main
                                    + ":");

            Files.writeString(
                    main, Files.readString(main).replace("\nbackend ringcert", "\ndefaults\nbackend ringcert"));
            assertThat(advised.said()).contains("# No other virtual host of haproxy");

            Files.writeString(main, Files.readString(main) + "  unheard-of x\n");
            assertThat(advised.said())
                    .contains("HAProxy refuses its configuration", "unknown keyword 'unheard-of'")
                    .doesNotContain("No other virtual host");
        }
    }

    /** Writes the two lines into each section that is named. */
    private static String cured(String said, Path main, String fragment) throws IOException {
        List<String> lines = fragment.lines()
                .filter(line -> line.startsWith("#     "))
                .map(line -> line.substring(6))
                .toList();
        StringBuilder text = new StringBuilder(Files.readString(main));
        Matcher place = PLACE.matcher(said);
        while (place.find()) {
            assertThat(place.group(1)).isEqualTo(main.toString());
            int start = 0;
            for (int line = 1; line < Integer.parseInt(place.group(2)); line++) {
                start = text.indexOf("\n", start) + 1;
            }
            for (String word : List.of("# FIRST", "# SECOND")) {
                int at = text.indexOf(word, start);
                text.replace(at, at + word.length(), lines.get(word.equals("# FIRST") ? 0 : 1));
            }
        }
        return text.toString();
    }
}
