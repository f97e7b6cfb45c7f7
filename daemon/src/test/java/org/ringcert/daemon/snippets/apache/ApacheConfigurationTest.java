package org.ringcert.daemon.snippets.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;

class ApacheConfigurationTest {

    private static final List<HostName> NAMES = List.of(
            new HostName("web0.example.org"), new HostName("www.example.org"), new HostName("shop.example.org"));
    private static final ApacheConfiguration.Wanted WANTED = new ApacheConfiguration.Wanted(NAMES, 80, List.of(443));

    @TempDir
    private Path folder;

    private static String taker(ApacheConfiguration configuration, String address, int port, String name) {
        return configuration
                .taker(InetAddress.ofLiteral(address), port, new HostName(name), NAMES)
                .map(ApacheConfiguration.Taker::place)
                .orElse("nobody");
    }

    @Test
    void theAddressCountsFirstThenThePortThenTheName() {
        ApacheConfiguration configuration = new ApacheConfiguration("""
                VirtualHost configuration:
                [2001:db8::1]:80       six.example.org (/six:1)
                192.0.2.1:*            any.example.org (/any-port:1)
                192.0.2.2:*            any.example.org (/any-port:2)
                192.0.2.2:80           is a NameVirtualHost
                         default server one.example.org (/two:1)
                         port 80 namevhost one.example.org (/two:1)
                         port 80 namevhost www.example.org (/two:2)
                *:*                    everywhere.example.org (/everywhere:1)
                *:80                   is a NameVirtualHost
                         default server web0.example.org (/all:1)
                         port 80 namevhost web0.example.org (/all:1)
                         port 80 namevhost www.example.org (/all:2)
                         port 80 namevhost www.example.org (/all:3)
                # In file: /all
                #   2:
                <VirtualHost *:80>
                  #   3:
                  ServerAlias "shop.example.org" *.example.com
                </VirtualHost>
                """);
        assertThat(taker(configuration, "198.51.100.1", 80, "www.example.org")).isEqualTo("/all:2");
        assertThat(taker(configuration, "198.51.100.1", 80, "shop.example.org")).isEqualTo("/all:2");
        assertThat(taker(configuration, "198.51.100.1", 80, "a.example.com")).isEqualTo("/all:2");
        assertThat(taker(configuration, "198.51.100.1", 80, "a.example.net")).isEqualTo("/all:1");
        assertThat(taker(configuration, "198.51.100.1", 443, "www.example.org")).isEqualTo("/everywhere:1");
        assertThat(taker(configuration, "192.0.2.1", 80, "www.example.org")).isEqualTo("/any-port:1");
        assertThat(taker(configuration, "192.0.2.2", 80, "www.example.org")).isEqualTo("/two:2");
        assertThat(taker(configuration, "192.0.2.2", 80, "shop.example.org")).isEqualTo("/two:1");
        assertThat(taker(configuration, "192.0.2.2", 443, "shop.example.org")).isEqualTo("/any-port:2");
        assertThat(taker(configuration, "2001:db8::1", 80, "www.example.org")).isEqualTo("/six:1");
    }

    @Test
    void whatIsThereIsSeenAsItWillBeWithThePrintedFile() {
        ApacheConfiguration configuration = new ApacheConfiguration("""
                VirtualHost configuration:
                *:80                   is a NameVirtualHost
                         default server web0.example.org (/debians:1)
                         port 80 namevhost web0.example.org (/debians:1)
                         port 80 namevhost www.example.org (/www:1)
                *:443                  blog.example.net (/blog:1)
                # In file: /main
                #   1:
                ServerName web0.example.org
                #   2:
                Listen 0.0.0.0:443 https
                """);
        assertThat(configuration.lacking(WANTED))
                .containsExactly(
                        new ApacheConfiguration.Lacking("/www:1", "port 80", "www.example.org"),
                        new ApacheConfiguration.Lacking(
                                "/blog:1", "port 443", "all names that have no other virtual host there"));
        assertThat(configuration.remarks(WANTED)).isEmpty();
    }

    @Test
    void whatAMacroBroughtForthIsNamedWhereItIsWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("macros"), """
                <Macro inner $n>
                ServerAdmin \\
                  a@example.org
                <VirtualHost *:80>
                ServerName $n
                </VirtualHost>
                </Macro>
                <Macro outer $n>
                Use inner $n
                </Macro>
                """);
        String place =
                "macro 'inner' (defined on line 1 of \"%1$s\") used on line 1 of \"macro 'outer' (defined on line 8 of \"%1$s\") used on line 5 of \"/etc/a\"\""
                        .formatted(file);
        ApacheConfiguration configuration = new ApacheConfiguration("""
                *:80                   www.example.org (%1$s:2)
                # In file: %1$s
                #   2:
                <VirtualHost *:80>
                  #   3:
                  ServerName www.example.org
                  #   4:
                  RewriteOptions InheritBefore
                </VirtualHost>
                """.formatted(place));
        assertThat(configuration.lacking(WANTED))
                .extracting(ApacheConfiguration.Lacking::place)
                .containsExactly(file + ":4");
        assertThat(configuration.remarks(WANTED))
                .singleElement()
                .asString()
                .startsWith(file + ":6 (macro inner, used in " + file + ":9)  ");
    }

    @Test
    void anOlderPrintedFileIsNamed() {
        ApacheConfiguration configuration = new ApacheConfiguration("""
                *:80                   web0.example.org (/ours:1)
                # In file: /ours
                #   1:
                <VirtualHost *:80>
                  #   2:
                  RewriteEngine on
                  #   3:
                  RewriteRule ^/\\.well-known/acme-challenge/(?![A-Za-z0-9_-]{16,256}$) - [R=404,L]
                </VirtualHost>
                """);
        assertThat(configuration.lacking(WANTED)).isEmpty();
        assertThat(configuration.remarks(WANTED))
                .singleElement()
                .asString()
                .startsWith("/ours  was printed by an older version");
    }

    @Test
    void whatNobodyCanTellIsSaid() {
        ApacheConfiguration configuration = new ApacheConfiguration("""
                *:80                   www.example.org (/www:1)
                # In file: /www
                #   1:
                <VirtualHost *:80>
                  #   2:
                  LuaHookTranslateName /x.lua x
                  #   3:
                  <LocationMatch "^/(?|a(b)|c(d)">
                    #   4:
                    Redirect / https://example.net/
                  </LocationMatch>
                  #   6:
                  JkMount /* worker
                </VirtualHost>
                """);
        assertThat(configuration.remarks(WANTED))
                .hasSize(3)
                .anyMatch(remark -> remark.startsWith("/www:2  ") && remark.contains("--try"))
                .anyMatch(remark -> remark.startsWith("/www:4  "))
                .anyMatch(remark -> remark.startsWith("/www:6  ") && remark.contains("--try"));
        assertThatThrownBy(() -> new ApacheConfiguration("*:80  www.example.org (/www:1)\n"))
                .hasMessageContaining("without mod_info");
    }

    /** A virtual host with Ringcert's rules and these sections below; each line has its number. */
    private static List<String> remarks(String more, String below) {
        StringBuilder dump =
                new StringBuilder("""
                *:80                   www.example.org (/www:1)
                # In file: /www
                #   1:
                <VirtualHost *:80>
                  # In file: /ours
                  #   1:
                  RewriteRule ^/\\.well-known/acme-challenge/(?![A-Za-z0-9_-]{16,256}$) - [R=404,L]
                  #   2:
                  RewriteRule ^/\\.well-known/acme-challenge/(.+) http://127.0.0.1:8080$0 [P,L]
                  #   3:
                  <If "%{REQUEST_URI} =~ m#^/\\.well-known/acme-challenge/#">
                    #   4:
                    Require all granted
                MORE  </If>
                  # In file: /www
                """.replace("MORE", more.isEmpty() ? "" : "    #   5:\n    " + more + "\n"));
        int number = 10;
        for (String line : below.lines().toList()) {
            dump.append("  #  ").append(number++).append(":\n  ").append(line).append("\n");
        }
        return new ApacheConfiguration(dump + "</VirtualHost>\n").remarks(WANTED);
    }

    private static String in(String section, String inside) {
        return "<" + section + ">\n"
                + inside.lines().map(line -> "  " + line + "\n").collect(java.util.stream.Collectors.joining()) + "</"
                + section.replaceAll(" .*", "") + ">\n";
    }

    private static final String SHUT = "Require ip 192.168.0.0/16";
    private static final String CHALLENGE = "\"%{REQUEST_URI} =~ m#^/\\.well-known/acme-challenge/#\"";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Require all granted",
                "Require ip 10.0.0.1\nRequire all granted",
                "<RequireAny>\n  Require ip 10.0.0.1\n  Require all granted\n</RequireAny>",
                "<RequireAny>\n  Require ip 10.0.0.1\n  <RequireAll>\n    Require all granted\n  </RequireAll>\n</RequireAny>",
                "Order deny,allow",
                "Order allow,deny\nAllow from all",
                "Order deny,allow\nDeny from all\nAllow from all",
                "Satisfy all",
                "SetHandler none",
            })
    void whatLetsEverybodyInIsNotListed(String inside) {
        assertThat(remarks("", in("If \"true\"", inside))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SHUT,
                "Require method GET",
                "<RequireAll>\n  Require all granted\n  Require ip 10.0.0.1\n</RequireAll>",
                "<RequireAny>\n  Require ip 10.0.0.1\n</RequireAny>",
                "Order allow,deny",
                "Deny from all",
                "Order allow,deny\nAllow from all\nDeny from 10.0.0.1",
                "SetHandler server-status",
            })
    void whatDoesNotIs(String inside) {
        assertThat(remarks("", in("If \"true\"", inside)))
                .singleElement()
                .asString()
                .startsWith("/www:1");
    }

    @Test
    void ofOldSatisfyAnyIsEnoughUntilASectionSpeaksOfItAsWell() {
        assertThat(remarks("Satisfy any", in("If \"true\"", SHUT))).isEmpty();
        assertThat(remarks("Satisfy any", in("If \"true\"", SHUT + "\nOrder deny,allow")))
                .hasSize(1);
    }

    @Test
    void ofAChainOfConditionsTheBranchCountsThatChallengesTake() {
        String granted = in("If \"%{REQUEST_URI} =~ m#^/(shop|\\.well-known)#\"", "Require all granted");
        assertThat(remarks("", granted + in("Else", SHUT))).isEmpty();
        String half = in(
                "If \"%{REQUEST_URI} =~ m#^/(shop|\\.well-known)# && %{REQUEST_URI} !~ m#^/\\.well-known/acme-challenge/#\"",
                "Require all granted");
        assertThat(remarks("", half + in("Else", SHUT)))
                .singleElement()
                .asString()
                .startsWith("/www:14  Require ip 192.168.0.0/16: ")
                .contains("`<If " + CHALLENGE + ">`", "(/www:10)", "make that an <ElseIf>");
        String mine = "<If " + CHALLENGE + ">\n</If>\n";
        assertThat(remarks("", mine + half.replace("If", "ElseIf") + in("Else", SHUT)))
                .isEmpty();
        assertThat(remarks("", in("If \"%{HTTPS} == 'on'\"", "") + in("ElseIf " + CHALLENGE, "") + in("Else", SHUT)))
                .isEmpty();
        assertThat(remarks("", in("If \"%{HTTPS} == 'on'\"", "") + in("ElseIf \"true\"", SHUT) + in("Else", SHUT)))
                .singleElement()
                .asString()
                .startsWith("/www:13  ");
        assertThat(remarks("", in("If \"%{HTTPS} == 'on' || -z %{ENV:X}\"", SHUT)))
                .singleElement()
                .asString()
                .contains("make that an <ElseIf>");
        assertThat(remarks("", in("If \"-z %{ENV:X}\"", in("If " + CHALLENGE, "") + in("Else", SHUT))))
                .isEmpty();
        assertThat(remarks("", in("If \"-z %{ENV:X}\"", in("If \"-n %{ENV:Y}\"", "") + in("Else", SHUT))))
                .hasSize(1);
        assertThat(remarks("", in("If \"%{REQUEST_URI} =~ /^\\/shop/ && %{HTTPS} == 'on'\"", SHUT)))
                .isEmpty();
    }

    @Test
    void anotherProxyIsKeptAwayByTheNamesThatAreAskedFor() {
        String remote = "ProxyRemote * http://127.0.0.1:3128\n";
        assertThat(remarks("", remote + "NoProxy 127.0.0.1 .example.com\n"))
                .singleElement()
                .asString()
                .startsWith("/www:10  ProxyRemote * ")
                .contains("`NoProxy web0.example.org www.example.org shop.example.org`");
        assertThat(remarks("", remote + "NoProxy web0.example.org shop.example.org\n"))
                .singleElement()
                .asString()
                .contains("`NoProxy www.example.org`");
        assertThat(remarks("", remote + "NoProxy .example.org\n")).isEmpty();
        for (String other : List.of("https", "http://backend.example.net/", "ftp")) {
            assertThat(remarks("", remote.replace("*", other))).as(other).isEmpty();
        }
        for (String other : List.of("http", "http://127.0.0.1:8080")) {
            assertThat(remarks("", remote.replace("*", other))).as(other).hasSize(1);
        }
        assertThat(remarks("", "ProxyRemoteMatch backend http://127.0.0.1:3128\n"))
                .isEmpty();
        assertThat(remarks("", "ProxyRemoteMatch ^http http://127.0.0.1:3128\n"))
                .hasSize(1);
        assertThat(remarks("", "ProxyBlock *\n")).hasSize(1);
        assertThat(remarks("", "ProxyBlock example.net\n")).isEmpty();
    }
}
