package org.ringcert.daemon.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NginxSurveyTest {

    private static Findings findings(String http) {
        return of("# configuration file /etc/nginx/nginx.conf:\nevents {}\nhttp {\n" + http + "\n}\n");
    }

    private static Findings of(String said) {
        return new NginxSurvey(said, Fixture.NODE, Path.of("/not saved yet")).findings();
    }

    private static List<String> lacking(Findings findings) {
        return findings.lacking().stream().map(Findings.Lacking::toString).toList();
    }

    @Test
    void blocksAreReadInTheOrderOfTheFilesThatAreIncluded() {
        Findings findings = of("""
                # configuration file /etc/nginx/nginx.conf:
                http {
                  include sites/*.conf;
                  server { listen 80; server_name www.example.org; return 301 https://x; }
                }
                # configuration file /etc/nginx/sites/b.conf:
                server { listen 80; server_name www.example.org; include snippets/[a-c]ommon.conf; }
                # configuration file /etc/nginx/sites/.hidden.conf:
                server { listen 80; server_name web1.example.org; }
                # configuration file /etc/nginx/snippets/common.conf:
                location ^~ /.well-known/acme-challenge/ { satisfy any; location ~ "x{16,256}" {} }
                # configuration file /etc/nginx/sites/c.conf:
                server { listen 443 ssl; server_name example.org shop.example.org; }
                server { listen 443 ssl; server_name blog.example.net; }
                server { listen 127.0.0.1:80; server_name status; }
                server { listen unix:/run/x.sock; server_name web0.example.org; }
                """);
        assertThat(lacking(findings))
                .containsExactly(
                        "/etc/nginx/sites/c.conf:1  port 443: example.org shop.example.org",
                        "/etc/nginx/sites/c.conf:4  unix:/run/x.sock: web0.example.org");
        assertThat(findings.remarks()).isEmpty();
    }

    @Test
    void aBlockBehindOneOfLuaIsSeenAndAFileThatIsNotUnderstoodIsSaid() {
        assertThat(lacking(findings("""
                server {
                  listen 80; server_name api.example.net;
                  location / { content_by_lua_block { -- don't
                  } }
                }
                server { listen 80; server_name www.example.org; return 301 https://$host; }
                """))).containsExactly("/etc/nginx/nginx.conf:8  port 80: www.example.org");
        assertThat(findings("server { listen 80; } }").remarks())
                .singleElement()
                .asString()
                .startsWith("/etc/nginx/nginx.conf:4  what follows in this file could not be read");
    }

    @Test
    void whatNginxAsksBeforeTheLocationIsNamed() {
        assertThat(findings("""
                access_by_lua_block { require("gate").check() }
                rewrite_by_lua_block { if ngx.var.uri:find("/.well-known/acme-challenge/", 1, true) then return end }
                server { listen 80; server_name www.example.org; modsecurity on; }
                server { listen 80; server_name other.example.org; rewrite_by_lua_file /x.lua; }
                """).remarks())
                .hasSize(2)
                .anyMatch(remark -> remark.startsWith("/etc/nginx/nginx.conf:3  `access_by_lua_block` is asked before"))
                .anyMatch(remark -> remark.startsWith("/etc/nginx/nginx.conf:5  `modsecurity` is asked before"));
    }

    @Test
    void anExpressionThatOnlyNginxKnowsIsListed() {
        assertThat(lacking(findings("server { listen 80; server_name ~^(?<a>w)(?(1)ww|x); return 301 https://x; }")))
                .singleElement()
                .asString()
                .contains("only nginx knows whether ~^(?<a>w)(?(1)ww|x) is one of the cluster's");
    }

    @Test
    void streamLeadsToTheBlocksBehindIt() {
        Findings findings = of("""
                # configuration file /etc/nginx/nginx.conf:
                stream {
                  upstream inner { server unix:/run/inner.sock; }
                  server { listen 80; proxy_pass inner; }
                  server { listen 443; proxy_pass 10.0.0.1:443; }
                }
                http {
                  server { listen unix:/run/inner.sock proxy_protocol; server_name blog.example.net; return 301 https://x; }
                }
                """);
        assertThat(lacking(findings))
                .containsExactly(
                        "/etc/nginx/nginx.conf:7  unix:/run/inner.sock: blog.example.net, and every name that no other block has at unix:/run/inner.sock");
        assertThat(findings.remarks())
                .singleElement()
                .asString()
                .startsWith(
                        "/etc/nginx/nginx.conf:3  stream has port 80 and hands it to inner: leave out the server block");
    }

    @Test
    void aSavedFileThatNginxDoesNotReadIsNamed(@TempDir Path folder) throws IOException {
        Path saved = Files.writeString(folder.resolve("ringcert.conf"), "");
        String said = "# configuration file /etc/nginx/nginx.conf:\nhttp {\n}\n";
        assertThat(new NginxSurvey(said, Fixture.NODE, saved).findings().remarks())
                .containsExactly(saved + "  nginx does not read this file: write `include " + saved
                        + ";` into its block `http`");
        assertThat(new NginxSurvey(said + "# configuration file " + saved + ":\n", Fixture.NODE, saved)
                        .findings()
                        .remarks())
                .isEmpty();
    }

    @Test
    void tlsOnPort80IsNamed() {
        assertThat(findings("server { listen 80 ssl; server_name blog.example.net; }")
                        .remarks())
                .singleElement()
                .asString()
                .contains("with `ssl` nginx takes no plain HTTP at 0.0.0.0:80");
    }
}
