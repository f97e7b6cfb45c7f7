package org.ringcert.daemon.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NginxInspectorTest {

    private static InspectionResult inspectHttp(String http) {
        return inspect("# configuration file /etc/nginx/nginx.conf:\nevents {}\nhttp {\n" + http + "\n}\n");
    }

    private static InspectionResult inspect(String dump) {
        return new NginxInspector(dump, SampleWebNode.NODE, Path.of("/not saved yet")).inspect();
    }

    private static List<String> unprepared(InspectionResult result) {
        return result.unprepared().stream()
                .map(InspectionResult.UnpreparedHost::toString)
                .toList();
    }

    @Test
    void readsBlocksInTheOrderOfIncludedFiles() {
        InspectionResult result = inspect("""
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
        assertThat(unprepared(result))
                .containsExactly(
                        "/etc/nginx/sites/c.conf:1  port 443: example.org shop.example.org",
                        "/etc/nginx/sites/c.conf:4  unix:/run/x.sock: web0.example.org");
        assertThat(result.problems()).isEmpty();
    }

    @Test
    void readsBlocksAfterLuaAndReportsUnreadableFiles() {
        assertThat(unprepared(inspectHttp("""
                server {
                  listen 80; server_name api.example.net;
                  location / { content_by_lua_block { -- don't
                  } }
                }
                server { listen 80; server_name www.example.org; return 301 https://$host; }
                """))).containsExactly("/etc/nginx/nginx.conf:8  port 80: www.example.org");
        assertThat(inspectHttp("server { listen 80; } }").problems())
                .singleElement()
                .asString()
                .startsWith("/etc/nginx/nginx.conf:4  Ringcert could not read the rest of this file");
    }

    @Test
    void reportsDirectivesThatRunBeforeTheLocation() {
        assertThat(inspectHttp("""
                access_by_lua_block { require("gate").check() }
                rewrite_by_lua_block { if ngx.var.uri:find("/.well-known/acme-challenge/", 1, true) then return end }
                server { listen 80; server_name www.example.org; modsecurity on; }
                server { listen 80; server_name other.example.org; rewrite_by_lua_file /x.lua; }
                """).problems())
                .hasSize(2)
                .anyMatch(remark ->
                        remark.startsWith("/etc/nginx/nginx.conf:3  `access_by_lua_block` runs before Ringcert's line"))
                .anyMatch(remark ->
                        remark.startsWith("/etc/nginx/nginx.conf:5  `modsecurity` runs before Ringcert's line"));
    }

    @Test
    void listsExpressionsThatOnlyNginxCanInterpret() {
        assertThat(unprepared(
                        inspectHttp("server { listen 80; server_name ~^(?<a>w)(?(1)ww|x); return 301 https://x; }")))
                .singleElement()
                .asString()
                .contains("only nginx can tell whether ~^(?<a>w)(?(1)ww|x) matches a name of the cluster");
    }

    @Test
    void followsStreamToTheBlocksBehindIt() {
        InspectionResult result = inspect("""
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
        assertThat(unprepared(result))
                .containsExactly(
                        "/etc/nginx/nginx.conf:7  unix:/run/inner.sock: blog.example.net, and every name without a block of its own at unix:/run/inner.sock");
        assertThat(result.problems())
                .singleElement()
                .asString()
                .startsWith(
                        "/etc/nginx/nginx.conf:3  stream listens on port 80 and passes it on to inner: do not install the server block");
    }

    @Test
    void reportsASavedFileThatNginxDoesNotRead(@TempDir Path folder) throws IOException {
        Path installPath = Files.writeString(folder.resolve("ringcert.conf"), "");
        String dump = "# configuration file /etc/nginx/nginx.conf:\nhttp {\n}\n";
        assertThat(new NginxInspector(dump, SampleWebNode.NODE, installPath)
                        .inspect()
                        .problems())
                .containsExactly(installPath + "  nginx does not read this file: write `include " + installPath
                        + ";` into its `http` block");
        assertThat(new NginxInspector(
                                dump + "# configuration file " + installPath + ":\n", SampleWebNode.NODE, installPath)
                        .inspect()
                        .problems())
                .isEmpty();
    }

    @Test
    void reportsTlsOnPort80() {
        assertThat(inspectHttp("server { listen 80 ssl; server_name blog.example.net; }")
                        .problems())
                .singleElement()
                .asString()
                .contains("with `ssl`, nginx accepts no plain HTTP at 0.0.0.0:80");
    }
}
