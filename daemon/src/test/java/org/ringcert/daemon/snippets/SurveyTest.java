package org.ringcert.daemon.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;

class SurveyTest {

    @TempDir
    private Path folder;

    @Test
    void ofTwoVirtualHostsOfApacheWithOneName_theFirstCounts() throws IOException {
        Path sites = Files.writeString(folder.resolve("sites.conf"), """
                <VirtualHost *:80>
                  ServerAlias a.example.org
                </VirtualHost>
                """);

        List<VirtualHost> hosts = new ApacheSurvey("""
                *:80                   is a NameVirtualHost
                         port 80 namevhost web0.example.org (/ours:1)
                         port 80 namevhost web0.example.org (/debians:1)
                         port 80 namevhost web0.example.org (%s:1)
                *:8080                 is a NameVirtualHost
                         port 8080 namevhost web0.example.org (/other port:1)
                *:443                  web0.example.org (/alone:1)
                """.formatted(sites)).virtualHosts();

        assertThat(hosts)
                .containsExactly(
                        new VirtualHost("/ours:1", Set.of(80), List.of("web0.example.org"), false),
                        new VirtualHost(sites + ":1", Set.of(80), List.of("a.example.org"), false),
                        new VirtualHost("/other port:1", Set.of(8080), List.of("web0.example.org"), false),
                        new VirtualHost("/alone:1", Set.of(443), List.of("web0.example.org"), false));
    }

    @Test
    void apacheTellsPlaces_andTheFilesTellNames() throws IOException {
        Path sites = Files.writeString(folder.resolve("sites.conf"), """
                # first
                <VirtualHost *:80>
                  ServerName www.example.org
                  ServerAlias example.org *.example.net
                  Include common.conf
                </VirtualHost>
                <VirtualHost 10.0.0.1:80>
                  ServerAlias shop.example.org
                  # Include ringcert-challenges.conf
                </VirtualHost>
                <virtualhost *:80>
                  IncludeOptional "/etc/apache2/ringcert-challenges.conf"
                </virtualhost>
                """);
        Files.writeString(folder.resolve("common.conf"), "Include ringcert-challenges.conf\n");

        List<VirtualHost> hosts = new ApacheSurvey("""
                VirtualHost configuration:
                10.0.0.1:80            web.example.org (%1$s:7)
                *:80                   is a NameVirtualHost
                         default server www.example.org (%1$s:2)
                         port 80 namevhost www.example.org (%1$s:2)
                                 alias example.org
                         port * namevhost web.example.org (%1$s:11)
                         port 80 namevhost gone.example.org (/no such/file:3)
                *:443                  is a NameVirtualHost
                ServerRoot: "%2$s"
                """.formatted(sites, folder)).virtualHosts();

        assertThat(hosts)
                .containsExactly(
                        new VirtualHost(
                                sites + ":7", Set.of(80), List.of("web.example.org", "shop.example.org"), false),
                        new VirtualHost(
                                sites + ":2",
                                Set.of(80),
                                List.of("www.example.org", "example.org", "*.example.net"),
                                true),
                        new VirtualHost(sites + ":11", Set.of(), List.of("web.example.org"), true),
                        new VirtualHost("/no such/file:3", Set.of(80), List.of("gone.example.org"), false));
    }

    @Test
    void namesWithWildcardsAreForTheNamesThatTheyMatch() {
        HostName name = new HostName("www.example.org");
        for (String pattern : List.of(
                "www.example.org",
                "WWW.example.org",
                "*.example.org",
                "www.example.*",
                ".example.org",
                "w?w.example.org")) {
            assertThat(new VirtualHost("f:1", Set.of(), List.of("x", pattern), false).isFor(name))
                    .as(pattern)
                    .isTrue();
        }
        for (String pattern : List.of("example.org", "_", "", "~^www", "ww.example.org", "[a-z]", "a b")) {
            assertThat(new VirtualHost("f:1", Set.of(), List.of(pattern), false).isFor(name))
                    .as(pattern)
                    .isFalse();
        }
    }
}
