package org.ringcert.daemon.snippets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.store.CertificateName;

class SnippetsTest {

    private static final ServingMode FILES = new ServingMode.FromFiles();
    private static final ServingMode PROXY = new ServingMode.ThroughDaemon("[::1]:8080");

    private static WebNode node(String store, int nodes, int port, boolean redirectOtherHosts, boolean ipv6) {
        List<Node> all = IntStream.range(0, nodes)
                .mapToObj(i -> new Node(new HostName("web" + i + ".example.org"), "10.0.0.1", port))
                .toList();
        List<Site> sites = Stream.of("www.example.org", "shop.example.org")
                .map(name -> new Site(List.of(new HostName(name))))
                .toList();
        return new WebNode(
                new Cluster(all, all.getFirst().name()),
                sites,
                List.of(),
                List.of(Path.of(store, "challenges"), Path.of("/var/www/also")),
                Path.of(store, "certs"),
                redirectOtherHosts,
                443,
                ipv6);
    }

    private static WebNode usualNode() {
        return node("/var/lib/ringcert", 3, 80, false, true);
    }

    private static List<HttpsSite> oneKind(List<Site> sites) {
        return sites.stream()
                .map(site -> new HttpsSite(site, List.of(CertificateName.first(site.name()))))
                .toList();
    }

    private static HttpsSite twoKinds(String name) {
        HostName host = new HostName(name);
        return new HttpsSite(
                new Site(List.of(host)),
                List.of(CertificateName.first(host), CertificateName.second(host, KeyAlgorithm.RSA)));
    }

    private static String https(WebServer server, HttpsSite... sites) {
        return new Snippets(server, PROXY, usualNode()).https(List.of(sites));
    }

    @Test
    void printsBothCertificatesOfASite() {
        HttpsSite www = twoKinds("www.example.org");
        String certs = "\"/var/lib/ringcert/certs/www.example.org";

        assertThat(https(WebServer.APACHE, www)).contains("""
                    SSLCertificateFile %1$s/fullchain.pem"
                    SSLCertificateKeyFile %1$s/privkey.pem"
                    SSLCertificateFile %1$s+rsa/fullchain.pem"
                    SSLCertificateKeyFile %1$s+rsa/privkey.pem"
                """.formatted(certs));
        assertThat(https(WebServer.NGINX, www)).contains("""
                    ssl_certificate %1$s/fullchain.pem";
                    ssl_certificate_key %1$s/privkey.pem";
                    ssl_certificate %1$s+rsa/fullchain.pem";
                    ssl_certificate_key %1$s+rsa/privkey.pem";
                """.formatted(certs));
        assertThat(https(WebServer.HAPROXY, www))
                .contains(" ssl crt %1$s/combined.pem\" crt %1$s+rsa/combined.pem\"\n".formatted(certs));
    }

    @ParameterizedTest
    @EnumSource
    void saysWhichCertificateVisitorsGetOnlyWhereThereAreTwo(WebServer server) {
        assertThat(https(server, twoKinds("www.example.org"))).contains("different kinds of keys");
        assertThat(https(server, oneKind(usualNode().sites()).toArray(HttpsSite[]::new)))
                .doesNotContain("kinds of keys");
    }

    @Test
    void countsEachCertificateInALineOfHaproxy() {
        HttpsSite[] sites = IntStream.range(0, 13)
                .mapToObj(i -> twoKinds("s" + i + ".example.org"))
                .toArray(HttpsSite[]::new);
        assertThat(https(WebServer.HAPROXY, Arrays.copyOf(sites, 12))).contains("s11.example.org+rsa/combined.pem");
        assertThatThrownBy(() -> https(WebServer.HAPROXY, sites))
                .hasMessageContaining("at most 25 certificates")
                .hasMessageContaining("SITE+rsa or SITE+ec");
    }

    @ParameterizedTest
    @EnumSource
    void leavesNoPlaceholders(WebServer server) {
        for (WebNode node : List.of(usualNode(), node("/a b", 1, 8080, true, false), node("/a", 12, 80, true, true))) {
            for (ServingMode mode : server.servesFiles() ? List.of(FILES, PROXY) : List.of(PROXY)) {
                Snippets snippets = new Snippets(server, mode, node);
                for (String text :
                        List.of(snippets.server(), snippets.fragment(), snippets.https(oneKind(node.sites())))) {
                    assertThat(text)
                            .doesNotContain("#:")
                            .doesNotContainPattern("@[a-z-]+@")
                            .contains("web0.example.org");
                }
            }
        }
    }

    @Test
    void namesPortsOnlyIfTheyAreUnusual() {
        String usualNode = new Snippets(WebServer.APACHE, FILES, usualNode()).server();
        assertThat(usualNode).doesNotContain("\nListen ").contains("http://web1.example.org$1?left=web2.example.org");
        String other = new Snippets(WebServer.APACHE, FILES, node("/a", 3, 8081, false, true)).server();
        assertThat(other).contains("\nListen 8081\n").contains("http://web1.example.org:8081$1?left=web2.example.org ");
    }

    @Test
    void visitsAtMostNineServersInARound() {
        String text = new Snippets(WebServer.NGINX, FILES, node("/a", 12, 80, false, true)).server();
        assertThat(text).contains("web8.example.org,web9.example.org\"").doesNotContain(",web10.example.org");
    }

    @Test
    void servesEveryFolderWithTokens() {
        for (WebServer server : List.of(WebServer.APACHE, WebServer.NGINX)) {
            assertThat(new Snippets(server, FILES, usualNode()).fragment())
                    .contains("\"/var/lib/ringcert/challenges")
                    .contains("\"/var/www/also");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a\"b", "/a\\b", "/a$b", "/a%b", "/a*b", "/a?b", "/a[b]", "/a{b}", "/a#b", "/a;b", "/a<b", "/a\nb",
                "/a'b"
            })
    void refusesPathsThatCannotBeQuoted(String store) {
        for (WebServer server : WebServer.values()) {
            assertThatThrownBy(() -> new Snippets(server, PROXY, node(store, 3, 80, false, true)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("use letters, digits");
        }
    }

    @Test
    void refusesWhatAServerCannotDo() {
        assertThatThrownBy(() -> new Snippets(WebServer.HAPROXY, FILES, usualNode()))
                .hasMessageContaining("HAProxy serves no files");
        assertThatThrownBy(() -> new Snippets(WebServer.NGINX, FILES, node("/a", 200, 80, false, true)))
                .hasMessageContaining("--mode proxy");
        List<Site> sites = IntStream.range(0, 26)
                .mapToObj(i -> new Site(List.of(new HostName("s" + i + ".example.org"))))
                .toList();
        assertThatThrownBy(() -> new Snippets(WebServer.HAPROXY, PROXY, usualNode()).https(oneKind(sites)))
                .hasMessageContaining("crt-list");
    }

    @Test
    void adviceListsVirtualHostsAndOtherProblems() {
        InspectionResult result = new InspectionResult(
                List.of(new InspectionResult.UnpreparedHost("/a:1", "port 80", "www.example.org x")),
                List.of("/a:4  `Redirect` ..."));
        List<String> lines = new Advice(WebServer.APACHE, usualNode(), _ -> result).lines();
        assertThat(lines).allMatch(line -> line.startsWith("# "));
        assertThat(lines)
                .contains("#     Include /etc/apache2/ringcert-challenges.conf", "#   /a:1  port 80: www.example.org x")
                .endsWith(
                        "# The following keeps challenges from being answered, or may do so:",
                        "#   /a:4  `Redirect` ...");
        assertThat(new Advice(WebServer.APACHE, usualNode(), _ -> new InspectionResult(List.of(), List.of())).lines())
                .containsExactly("# No other virtual host of apache needs to be changed.");
    }

    @Test
    void adviceReportsAServerThatCannotBeQueried() {
        ConfigurationInspector inspector = _ -> {
            throw new IOException("nginx is not installed here");
        };
        assertThat(new Advice(WebServer.NGINX, usualNode(), inspector).lines())
                .containsExactly(
                        "# Cannot tell which virtual hosts still need Ringcert's lines: nginx is not installed here.");
    }
}
