package org.ringcert.daemon.snippets.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;

class ApacheConfigurationTest {

    private static final List<HostName> NAMES = List.of(
            new HostName("web0.example.org"), new HostName("www.example.org"), new HostName("shop.example.org"));
    private static final ApacheConfiguration.Requirements REQUIREMENTS =
            new ApacheConfiguration.Requirements(NAMES, 80, List.of(443));

    @TempDir
    private Path folder;

    private static String selectedHost(ApacheConfiguration configuration, String address, int port, String name) {
        return configuration
                .selectedHost(InetAddress.ofLiteral(address), port, new HostName(name), NAMES)
                .map(ApacheConfiguration.SelectedHost::position)
                .orElse("nobody");
    }

    @Test
    void selectsByAddressThenPortThenName() {
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
        assertThat(selectedHost(configuration, "198.51.100.1", 80, "www.example.org"))
                .isEqualTo("/all:2");
        assertThat(selectedHost(configuration, "198.51.100.1", 80, "shop.example.org"))
                .isEqualTo("/all:2");
        assertThat(selectedHost(configuration, "198.51.100.1", 80, "a.example.com"))
                .isEqualTo("/all:2");
        assertThat(selectedHost(configuration, "198.51.100.1", 80, "a.example.net"))
                .isEqualTo("/all:1");
        assertThat(selectedHost(configuration, "198.51.100.1", 443, "www.example.org"))
                .isEqualTo("/everywhere:1");
        assertThat(selectedHost(configuration, "192.0.2.1", 80, "www.example.org"))
                .isEqualTo("/any-port:1");
        assertThat(selectedHost(configuration, "192.0.2.2", 80, "www.example.org"))
                .isEqualTo("/two:2");
        assertThat(selectedHost(configuration, "192.0.2.2", 80, "shop.example.org"))
                .isEqualTo("/two:1");
        assertThat(selectedHost(configuration, "192.0.2.2", 443, "shop.example.org"))
                .isEqualTo("/any-port:2");
        assertThat(selectedHost(configuration, "2001:db8::1", 80, "www.example.org"))
                .isEqualTo("/six:1");
    }

    @Test
    void inspectsVirtualHostsAsIfThePrintedFileWereInstalled() {
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
        assertThat(configuration.hostsWithoutRules(REQUIREMENTS))
                .containsExactly(
                        new ApacheConfiguration.HostWithoutRules("/www:1", "port 80", "www.example.org"),
                        new ApacheConfiguration.HostWithoutRules(
                                "/blog:1", "port 443", "all names without a virtual host of their own there"));
        assertThat(configuration.problems(REQUIREMENTS)).isEmpty();
    }

    @Test
    void reportsTheDefinitionOfAMacro() throws IOException {
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
        String position =
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
                """.formatted(position));
        assertThat(configuration.hostsWithoutRules(REQUIREMENTS))
                .extracting(ApacheConfiguration.HostWithoutRules::position)
                .containsExactly(file + ":4");
        assertThat(configuration.problems(REQUIREMENTS))
                .singleElement()
                .asString()
                .startsWith(file + ":6 (macro inner, used in " + file + ":9)  ");
    }

    @Test
    void reportsAFilePrintedByAnEarlierVersion() {
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
        assertThat(configuration.hostsWithoutRules(REQUIREMENTS)).isEmpty();
        assertThat(configuration.problems(REQUIREMENTS))
                .singleElement()
                .asString()
                .startsWith("/ours  was printed by an earlier version");
    }

    @Test
    void reportsWhatItCannotPredict() {
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
        assertThat(configuration.problems(REQUIREMENTS))
                .hasSize(3)
                .anyMatch(remark -> remark.startsWith("/www:2  ") && remark.contains("--try"))
                .anyMatch(remark -> remark.startsWith("/www:4  "))
                .anyMatch(remark -> remark.startsWith("/www:6  ") && remark.contains("--try"));
        assertThatThrownBy(() -> new ApacheConfiguration("*:80  www.example.org (/www:1)\n"))
                .hasMessageContaining("without mod_info");
    }

    /**
     * Returns the problems of a virtual host with Ringcert's rules and these sections below them, each line with its
     * number.
     */
    private static List<String> problems(String additional, String sections) {
        StringBuilder dump = new StringBuilder(
                """
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
                """.replace("MORE", additional.isEmpty() ? "" : "    #   5:\n    " + additional + "\n"));
        int number = 10;
        for (String line : sections.lines().toList()) {
            dump.append("  #  ").append(number++).append(":\n  ").append(line).append("\n");
        }
        return new ApacheConfiguration(dump + "</VirtualHost>\n").problems(REQUIREMENTS);
    }

    private static String in(String section, String inside) {
        return "<" + section + ">\n"
                + inside.lines().map(line -> "  " + line + "\n").collect(Collectors.joining()) + "</"
                + section.replaceAll(" .*", "") + ">\n";
    }

    private static final String DENIED = "Require ip 192.168.0.0/16";
    private static final String IS_CHALLENGE = "\"%{REQUEST_URI} =~ m#^/\\.well-known/acme-challenge/#\"";

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
    void acceptsSectionsThatGrantAccess(String inside) {
        assertThat(problems("", in("If \"true\"", inside))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                DENIED,
                "Require method GET",
                "<RequireAll>\n  Require all granted\n  Require ip 10.0.0.1\n</RequireAll>",
                "<RequireAny>\n  Require ip 10.0.0.1\n</RequireAny>",
                "Order allow,deny",
                "Deny from all",
                "Order allow,deny\nAllow from all\nDeny from 10.0.0.1",
                "SetHandler server-status",
            })
    void reportsSectionsThatDenyAccess(String inside) {
        assertThat(problems("", in("If \"true\"", inside)))
                .singleElement()
                .asString()
                .startsWith("/www:1");
    }

    @Test
    void acceptsSatisfyAnyUnlessASectionOverridesIt() {
        assertThat(problems("Satisfy any", in("If \"true\"", DENIED))).isEmpty();
        assertThat(problems("Satisfy any", in("If \"true\"", DENIED + "\nOrder deny,allow")))
                .hasSize(1);
    }

    @Test
    void followsChallengesThroughAChainOfConditions() {
        String granting = in("If \"%{REQUEST_URI} =~ m#^/(shop|\\.well-known)#\"", "Require all granted");
        assertThat(problems("", granting + in("Else", DENIED))).isEmpty();
        String partial = in(
                "If \"%{REQUEST_URI} =~ m#^/(shop|\\.well-known)# && %{REQUEST_URI} !~ m#^/\\.well-known/acme-challenge/#\"",
                "Require all granted");
        assertThat(problems("", partial + in("Else", DENIED)))
                .singleElement()
                .asString()
                .startsWith("/www:14  Require ip 192.168.0.0/16: ")
                .contains("`<If " + IS_CHALLENGE + ">`", "(/www:10)", "make that an <ElseIf>");
        String ownBranch = "<If " + IS_CHALLENGE + ">\n</If>\n";
        assertThat(problems("", ownBranch + partial.replace("If", "ElseIf") + in("Else", DENIED)))
                .isEmpty();
        assertThat(problems(
                        "", in("If \"%{HTTPS} == 'on'\"", "") + in("ElseIf " + IS_CHALLENGE, "") + in("Else", DENIED)))
                .isEmpty();
        assertThat(problems("", in("If \"%{HTTPS} == 'on'\"", "") + in("ElseIf \"true\"", DENIED) + in("Else", DENIED)))
                .singleElement()
                .asString()
                .startsWith("/www:13  ");
        assertThat(problems("", in("If \"%{HTTPS} == 'on' || -z %{ENV:X}\"", DENIED)))
                .singleElement()
                .asString()
                .contains("make that an <ElseIf>");
        assertThat(problems("", in("If \"-z %{ENV:X}\"", in("If " + IS_CHALLENGE, "") + in("Else", DENIED))))
                .isEmpty();
        assertThat(problems("", in("If \"-z %{ENV:X}\"", in("If \"-n %{ENV:Y}\"", "") + in("Else", DENIED))))
                .hasSize(1);
        assertThat(problems("", in("If \"%{REQUEST_URI} =~ /^\\/shop/ && %{HTTPS} == 'on'\"", DENIED)))
                .isEmpty();
    }

    @Test
    void acceptsAnotherProxyThatExcludesTheRequestedNames() {
        String remote = "ProxyRemote * http://127.0.0.1:3128\n";
        assertThat(problems("", remote + "NoProxy 127.0.0.1 .example.com\n"))
                .singleElement()
                .asString()
                .startsWith("/www:10  ProxyRemote * ")
                .contains("`NoProxy web0.example.org www.example.org shop.example.org`");
        assertThat(problems("", remote + "NoProxy web0.example.org shop.example.org\n"))
                .singleElement()
                .asString()
                .contains("`NoProxy www.example.org`");
        assertThat(problems("", remote + "NoProxy .example.org\n")).isEmpty();
        for (String other : List.of("https", "http://backend.example.net/", "ftp")) {
            assertThat(problems("", remote.replace("*", other))).as(other).isEmpty();
        }
        for (String other : List.of("http", "http://127.0.0.1:8080")) {
            assertThat(problems("", remote.replace("*", other))).as(other).hasSize(1);
        }
        assertThat(problems("", "ProxyRemoteMatch backend http://127.0.0.1:3128\n"))
                .isEmpty();
        assertThat(problems("", "ProxyRemoteMatch ^http http://127.0.0.1:3128\n"))
                .hasSize(1);
        assertThat(problems("", "ProxyBlock *\n")).hasSize(1);
        assertThat(problems("", "ProxyBlock example.net\n")).isEmpty();
    }
}
