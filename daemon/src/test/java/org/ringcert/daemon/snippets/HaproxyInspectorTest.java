package org.ringcert.daemon.snippets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.daemon.snippets.haproxy.HaproxyService;

class HaproxyInspectorTest {

    private static final String LINES = """
              http-request allow if { path_beg /.well-known/acme-challenge/ }
              use_backend ringcert-challenges if { path_beg /.well-known/acme-challenge/ }
            """;
    private static final String BACKEND = "backend ringcert-challenges\n  server daemon 127.0.0.1:8080 no-ssl\n";

    @TempDir
    private Path folder;

    private InspectionResult inspect(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("haproxy.cfg"), text);
        return new HaproxyInspector(new HaproxyService(List.of(file), Map.of()), SampleWebNode.NODE).inspect();
    }

    private List<String> report(String text) throws IOException {
        InspectionResult result = inspect(text);
        return Stream.concat(
                        result.unprepared().stream().map(InspectionResult.UnpreparedHost::toString),
                        result.problems().stream())
                .map(line -> line.replace(folder + "/haproxy.cfg", "f"))
                .toList();
    }

    /** Each of these lets challenges through before anything else happens to them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                LINES + "http-request redirect scheme https\n",
                "acl acme path_beg /.well-known/acme-challenge/\nhttp-request redirect scheme https if !acme\nuse_backend ringcert-challenges if acme",
                "acl acme path_beg /.well-known/acme-challenge/\nredirect scheme https if !{ ssl_fc } ! acme\nuse_backend ringcert-challenges if acme",
                "redirect scheme https unless { path_beg /.well-known/acme-challenge/ }\n" + LINES,
                "http-request redirect scheme https if !{ ssl_fc } !{ path_beg -i /.well-known/acme-challenge/ }\n"
                        + LINES,
                "tcp-request connection reject if { src -f /etc/haproxy/list }\nhttp-request set-header X y\n" + LINES,
                "use_backend x unless { path_beg /.well-known/acme-challenge/ }\n" + LINES,
                "disabled\nhttp-request deny",
                "use_backend ringcert-challenges unless !{ path_beg /.well-known/acme-challenge/ }\nuse_backend x",
                "acl page path_beg /shop\nhttp-request deny if page\nuse_backend x if page or { path /a }\n" + LINES,
                "acl acme path_beg -i /.well-known/\nacl lan src 192.168.0.0/16\nhttp-request deny if lan !acme\nuse_backend ringcert-challenges if acme lan or acme",
                "acl acme path_beg /.well-known/acme-challenge/\nacl lan src 10.0.0.0/8\nuse_backend ringcert-challenges if acme lan\nuse_backend ringcert-challenges if acme !lan or acme",
                "acl acme path -m beg /a /.well-known/acme-challenge/\nacl acme path /b\nhttp-request allow if lan || acme\nhttp-request deny\nuse_backend ringcert-challenges if acme",
                "http-request allow if { path_reg ^/\\\\.well-known/acme-challenge/ } METH_GET\nhttp-request deny\nuse_backend ringcert-challenges unless !{ path_dir acme-challenge } or FALSE",
                "http-request deny if { path_beg /shop } or { path_end .php }\ndefault_backend ringcert-challenges",
                "stats uri /stats\n" + LINES,
                "tcp-request connection reject if { src 10.9.0.0/24 }\n" + LINES,
                "tcp-request content reject if !HTTP\n" + LINES,
                "http-request set-var(txn.ringcert) bool(true) if { path_beg /.well-known/acme-challenge/ }\nhttp-after-response set-status 403 unless { var(txn.ringcert) -m bool }\n"
                        + LINES,
            })
    void acceptsRulesThatDoNotAffectChallenges(String lines) throws IOException {
        assertThat(report("frontend web\nmode http\nbind *:80\n" + lines + "\n" + BACKEND))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http-request redirect scheme https\n" + LINES,
                "acl acme path_beg /.well-known/acme-challenge/\nhttp-request deny if { hdr(host) x } acme\n" + LINES,
                "http-request set-path /x%[path]\n" + LINES,
                "http-request lua.gate\n" + LINES,
                "use_backend x if { hdr(host) x }\n" + LINES,
                "redirect scheme https if !{ ssl_fc }\n" + LINES,
                "http-response return status 200\n" + LINES,
                "tcp-request content silent-drop unless { src 10.0.0.0/8 }\n" + LINES,
                "default_backend x",
                "use_backend ringcert-challenges if { path_beg /.well-known/acme-challenge/ } { hdr(host) -i www.example.org }",
                "http-request allow if { path_beg /.well-known/acme-challenge/ } { src 192.168.0.0/16 }\nhttp-request deny\n"
                        + LINES,
                "acl acme path_beg /.well-known/acme-challenge/\nacl lan src 192.168.0.0/16\nhttp-request allow if acme lan\nhttp-request redirect scheme https\n"
                        + LINES,
                "acl acme path_beg /.well-known/acme-challenge/\nhttp-request deny if !acme or { src 10.0.0.0/8 }\n"
                        + LINES,
                "acl acme path_beg /.well-known/acme-challenge/\nhttp-request deny unless acme { hdr(host) x }\n"
                        + LINES,
                "acl acme path_beg /.well-known/acme-challenge/\nhttp-request allow unless acme\nhttp-request deny\n"
                        + LINES,
                "acl acme path_beg -f /etc/haproxy/acme-challenge\nhttp-request allow if acme\nhttp-request deny\n"
                        + LINES,
                "http-request allow if { path_beg /.well-known/acme-challenge/x }\nhttp-request deny\n" + LINES,
                "stats uri /\n" + LINES,
                "stats uri /.well-known\n" + LINES,
                "http-after-response set-status 403\n" + LINES,
                "http-response set-status 403 if { status 200 }\n" + LINES,
                "http-response deny if !{ path_beg /.well-known/acme-challenge/ }\n" + LINES,
                "http-response deny unless { var(txn.ringcert) -m bool }\n" + LINES,
                "http-response deny if !{ capture.req.uri -m beg /.well-known/acme-challenge/ }\n" + LINES,
                "http-response lua.gate\n" + LINES,
                "tcp-request connection reject if { src 192.0.2.0/24 }\n" + LINES,
                "acl bad src 192.0.2.2\ntcp-request connection reject if bad\n" + LINES,
                "tcp-request connection reject if { src 198.51.100.0/24 } or { src_conn_rate gt 9 }\n" + LINES,
            })
    void reportsRulesThatAffectChallenges(String lines) throws IOException {
        assertThat(report("frontend web\nmode http\nbind *:80\n" + lines + "\n" + BACKEND))
                .isNotEmpty();
    }

    @Test
    void findsPortsInEveryNotation() throws IOException {
        for (String bind : List.of(
                ":80",
                "*:80",
                "[::]:80",
                ":::80",
                "ipv6@:80",
                "192.0.2.1:79-81",
                "unix@/run/x,:80",
                "\":\"80",
                ":80 interface eth1")) {
            assertThat(inspect("frontend web\nmode http\nbind " + bind + "\n").unprepared())
                    .as(bind)
                    .hasSize(1);
        }
        for (String bind : List.of(":8080", "/run/x:80", "abns@x", "127.0.0.1:180")) {
            assertThat(inspect("frontend web\nmode http\nbind " + bind + "\n").unprepared())
                    .as(bind)
                    .isEmpty();
        }
    }

    @Test
    void reportsWhatItCannotEvaluate() throws IOException {
        assertThat(report("""
                global
                  .if version_atleast(2.4)
                  maxconn 10
                  .endif
                .if defined(X)
                  .notice "x"
                .else
                frontend a
                  mode http
                  bind "${ADDRESS}"
                .endif
                frontend activated
                  mode http
                  bind fd@3
                frontend b
                  bind :80
                  use_backend %[req.ssl_sni]
                  default_backend c
                backend c
                  server s 192.0.2.9:8080
                """ + BACKEND))
                .containsExactlyInAnyOrder(
                        "f:7  Ringcert cannot evaluate `.else`: it reads the lines that follow as if it were true",
                        "f:10  `bind ${ADDRESS}`: Ringcert does not know this address; if its port is 80 or 443, frontend a needs the two lines",
                        "f:14  `bind fd@3`: Ringcert does not know this address; if its port is 80 or 443, frontend activated needs the two lines",
                        "f:17  `use_backend %[req.ssl_sni]` of frontend b (mode tcp): Ringcert does not know where this leads; the target must answer challenges",
                        "f:20  frontend b (f:15, mode tcp) passes port 80 on to 192.0.2.9:8080, which is not this HAProxy: whatever listens there must answer challenges");
    }

    @Test
    void reportsTwoFrontendsOnOnePort() throws IOException {
        String ownFrontend = "frontend web\nmode http\nbind :80\n" + LINES;
        assertThat(report(ownFrontend + "frontend ringcert\nmode http\nbind [::]:80 v4v6\n" + LINES + BACKEND))
                .singleElement()
                .asString()
                .startsWith("f:3  frontend web and `frontend ringcert` both listen on port 80")
                .endsWith("remove `frontend ringcert`, but keep its backend");
        assertThat(report(ownFrontend)).singleElement().asString().contains("but no `frontend ringcert`");
        assertThat(report(ownFrontend + BACKEND)).isEmpty();
    }

    @Test
    void reportsAnOldBackendBelowServerDefaults() throws IOException {
        assertThat(report("defaults\nmode http\ndefault-server ssl\n" + BACKEND.replace(" no-ssl", "")))
                .singleElement()
                .asString()
                .startsWith("f:4  an earlier version of Ringcert printed this");
    }

    @Test
    void reportsConditionsThatTestMoreThanThePath() throws IOException {
        assertThat(report("""
                frontend web
                  mode http
                  bind :8080,:80
                  acl lan src 192.168.0.0/16
                  acl acme path_beg /.well-known/acme-challenge/
                  http-request allow if acme lan
                  http-request deny
                  use_backend ringcert-challenges if acme { hdr(host) -i www.example.org }
                """ + BACKEND))
                .anyMatch(line -> line.startsWith("f:1  port 80: frontend web"))
                .anyMatch(line -> line.startsWith("f:6  `http-request allow if acme lan`: ")
                        && line.contains("`http-request allow if { path_beg /.well-known/acme-challenge/ }`"))
                .anyMatch(line -> line.startsWith("f:8  `use_backend ringcert-challenges if acme ")
                        && line.contains(
                                "`use_backend ringcert-challenges if { path_beg /.well-known/acme-challenge/ }`"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "defaults web\nmode http\nfrontend f from web\nbind :8080\n",
                "defaults web\nmode http\nhttp-request set-header A b\nfrontend f\nbind :8080\n",
                "defaults web\nmode http\nhttp-response set-header A b\nfrontend f\nbind :8080\n",
                "defaults web\nmode http\ntcp-request content accept\nfrontend f\nbind :8080\n",
            })
    void reportsDefaultsThatTheBackendCannotInheritBeforeAndAfterInstallation(String text) throws IOException {
        for (String more : List.of("", BACKEND)) {
            assertThat(report(text + more))
                    .singleElement()
                    .asString()
                    .startsWith("f:1  ")
                    .contains("the single word `defaults`");
        }
        assertThat(report(text + "defaults\n" + BACKEND)).isEmpty();
    }

    @Test
    void reportsStatisticsThatTheBackendInherits() throws IOException {
        String text = "defaults\nmode http\nstats uri /\nfrontend f\nbind :80\nstats uri /x\n" + LINES;
        assertThat(report(text + BACKEND))
                .singleElement()
                .asString()
                .startsWith("f:3  `stats uri /` takes over the path");
        assertThat(report(text + "frontend ringcert\n")).anyMatch(line -> line.startsWith("f:3  `stats uri /`"));
        assertThat(report(text + "defaults\nmode http\n" + BACKEND)).isEmpty();
    }

    @Test
    void describesTheReadingOrderInANoteNotAProblem() throws IOException {
        InspectionResult result = inspect("frontend web\nmode http\nbind :80\n");
        assertThat(result.problems()).noneMatch(line -> line.contains("HAProxy reads "));
        assertThat(result.notes()).singleElement().asString().contains(folder + "/haproxy.cfg");
    }

    @Test
    void reportsAMissingFile() {
        assertThatThrownBy(() -> new HaproxyInspector(
                        new HaproxyService(List.of(folder.resolve("none")), Map.of()), SampleWebNode.NODE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not exist or cannot be read");
    }
}
