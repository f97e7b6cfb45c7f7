package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.Site;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.pki.SelfSignedCertificate;

/** The configuration that a correct file gives. */
class ConfigurationTest {

    private static final HostName WEB0 = new HostName("web0.example.org");

    @TempDir
    Path directory;

    @Test
    void appliesDefaults() throws ConfigurationException {
        Configuration loaded = ConfigurationText.load(directory, ConfigurationText.completed(""));
        assertThat(loaded.node(WEB0))
                .isEqualTo(new NodeSettings(
                        new Node(WEB0, "web0.example.org", 80),
                        List.of(ListenAddress.parse("[::]:80")),
                        Optional.of(ListenAddress.parse("127.0.0.1:9402")),
                        new Endpoint("web0.example.org", 443),
                        Optional.empty()));
        assertThat(loaded.sites()).containsExactly(new Site(List.of(new HostName("www.example.org"))));
        assertThat(loaded.authorities())
                .containsExactly(new AcmeSettings(
                        URI.create("https://acme-v02.api.letsencrypt.org/directory"),
                        Optional.of(PublicCa.LETSENCRYPT),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(KeyType.EC256),
                        false,
                        new ConfiguredBinding.None(),
                        CaHandoff.REDIRECT,
                        Optional.empty()));
        assertThat(loaded.front())
                .isEqualTo(
                        new FrontSettings(HandoffMode.REDIRECT, Optional.of(Duration.ofSeconds(5)), List.of(), false));
        assertThat(loaded.store()).isEqualTo(Path.of("/var/lib/ringcert"));
        assertThat(loaded.deploy()).isEqualTo(new DeploySettings(List.of(), Map.of(), Optional.empty()));
        assertThat(loaded.check().resolver()).isEmpty();
        assertThat(loaded.alert()).isEqualTo(AlertSettings.NONE);
    }

    private static X509Certificate root() {
        Instant now = Instant.now();
        return SelfSignedCertificate.create(
                KeyType.EC256.generate(new SecureRandom()),
                List.of(new HostName("ca.example.org")),
                now,
                now.plus(Duration.ofDays(1)));
    }

    @Test
    void readsEveryKey() throws ConfigurationException, IOException {
        List<X509Certificate> roots = List.of(root());
        Path ca = Files.writeString(directory.resolve("ca.pem"), Pem.write(roots));
        Configuration loaded = ConfigurationText.load(directory, """
                [[node]]
                name = "Web0.example.org"
                address = "2001:DB8::10"
                port = 5002
                listen = ["127.0.0.1:5002", "[::1]:5002"]
                admin = "127.0.0.2:9403"
                https = "[2001:db8::10]:8443"
                group = "East"
                [[node]]
                name = "web1"
                address = "10.0.0.11"
                https = "tls.example.org:444"
                group = "west"
                [[site]]
                names = ["www.example.org", "Example.org"]
                [[site]]
                names = ["shop"]
                keys = ["ec384"]
                profile = "shortlived"
                unique-name = "{group}.shop"
                deploy = ["/usr/local/bin/push", "shop"]
                [[acme]]
                directory = "https://ca.example.org:9000/acme/directory"
                agree-to-terms = true
                contact = "Host.Master+x@Example.org"
                ca-file = "CA"
                profile = "tlsserver"
                chain = " Root X2 "
                keys = ["rsa3072", "ec384"]
                [[acme]]
                directory = "http://[::1]:14000/dir"
                keys = ["rsa2048", "ec256"]
                agree-to-terms = true
                [front]
                listen = []
                handoff = "ring"
                watch = "off"
                also = ["/var/www/html/.well-known/acme-challenge", "/srv/../srv/x"]
                redirect-other-hosts = true
                [store]
                directory = "/srv/ringcert"
                [deploy]
                run = ["systemctl", "reload", "apache2"]
                haproxy-socket = "/run/haproxy/admin.sock"
                [check]
                resolver = "127.0.0.1:53"
                before-order = "off"
                canary = ["/usr/local/bin/try", "--strict"]
                [alert]
                run = ["/usr/local/bin/page", "--who", "on call"]
                [admin]
                listen = "[::1]:9500"
                """.replace("CA\"", ca + "\""));
        assertThat(loaded)
                .isEqualTo(new Configuration(
                        List.of(
                                new NodeSettings(
                                        new Node(WEB0, "2001:db8::10", 5002),
                                        List.of(
                                                ListenAddress.parse("127.0.0.1:5002"),
                                                ListenAddress.parse("[::1]:5002")),
                                        Optional.of(ListenAddress.parse("127.0.0.2:9403")),
                                        new Endpoint("2001:db8::10", 8443),
                                        Optional.of("east")),
                                new NodeSettings(
                                        new Node(new HostName("web1"), "10.0.0.11", 80),
                                        List.of(),
                                        Optional.of(ListenAddress.parse("[::1]:9500")),
                                        new Endpoint("tls.example.org", 444),
                                        Optional.of("west"))),
                        List.of(
                                new Site(List.of(new HostName("www.example.org"), new HostName("example.org"))),
                                new Site(List.of(new HostName("shop")))),
                        Map.of(
                                new HostName("www.example.org"),
                                SiteSettings.NONE,
                                new HostName("shop"),
                                new SiteSettings(
                                        Optional.of(List.of(KeyType.EC384)),
                                        Optional.of("shortlived"),
                                        Optional.of(new UniqueName("{group}.shop")))),
                        List.of(
                                new AcmeSettings(
                                        URI.create("https://ca.example.org:9000/acme/directory"),
                                        Optional.empty(),
                                        Optional.of("Host.Master+x@example.org"),
                                        Optional.of(roots),
                                        Optional.of("tlsserver"),
                                        Optional.of("Root X2"),
                                        List.of(KeyType.RSA3072, KeyType.EC384),
                                        false,
                                        new ConfiguredBinding.None(),
                                        CaHandoff.REDIRECT,
                                        Optional.empty()),
                                new AcmeSettings(
                                        URI.create("http://[::1]:14000/dir"),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        List.of(KeyType.RSA2048, KeyType.EC256),
                                        false,
                                        new ConfiguredBinding.None(),
                                        CaHandoff.REDIRECT,
                                        Optional.empty())),
                        new FrontSettings(
                                HandoffMode.RING,
                                Optional.empty(),
                                List.of(Path.of("/var/www/html/.well-known/acme-challenge"), Path.of("/srv/x")),
                                true),
                        Path.of("/srv/ringcert"),
                        new DeploySettings(
                                List.of("systemctl", "reload", "apache2"),
                                Map.of(new HostName("shop"), List.of("/usr/local/bin/push", "shop")),
                                Optional.of(Path.of("/run/haproxy/admin.sock"))),
                        new CheckSettings(
                                Optional.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 53)),
                                Optional.of(BeforeOrder.OFF),
                                List.of("/usr/local/bin/try", "--strict")),
                        new AlertSettings(List.of("/usr/local/bin/page", "--who", "on call"))));
    }

    @Test
    void aNodeWithAnEmptyListDoesNotListen() throws ConfigurationException {
        Configuration loaded = ConfigurationText.load(
                directory,
                ConfigurationText.completed(
                        "[[node]]\nname = \"web0.example.org\"\nlisten = []\n[[node]]\nname = \"b.org\"\n"));
        assertThat(loaded.nodes()).extracting(node -> node.listen().size()).containsExactly(0, 1);
    }

    @Test
    void aNodeMayHaveNoAdminServer() throws ConfigurationException {
        assertThat(admins("""
                        [admin]
                        listen = "off"
                        [[node]]
                        name = "a.org"
                        admin = "10.0.0.10:9402"
                        [[node]]
                        name = "b.org"
                        """)).containsExactly(Optional.of(ListenAddress.parse("10.0.0.10:9402")), Optional.empty());
        assertThat(admins("""
                        [[node]]
                        name = "a.org"
                        admin = "off"
                        [[node]]
                        name = "b.org"
                        """)).containsExactly(Optional.empty(), Optional.of(ListenAddress.parse("127.0.0.1:9402")));
    }

    private List<Optional<ListenAddress>> admins(String snippet) throws ConfigurationException {
        return ConfigurationText.load(directory, ConfigurationText.completed(snippet)).nodes().stream()
                .map(NodeSettings::admin)
                .toList();
    }

    @Test
    void acceptsInlineTables() throws ConfigurationException {
        assertThat(ConfigurationText.load(directory, """
                        node = [{name = "web0.example.org"}, {name = "web1.example.org"}]
                        site = [{names = ["www.example.org"]}]
                        acme = {directory = "letsencrypt", agree-to-terms = true}
                        """))
                .isEqualTo(ConfigurationText.load(directory, ConfigurationText.completed("")));
    }

    @Test
    void acceptsEveryUnitOfWatch() throws ConfigurationException {
        assertThat(watch("1000ms")).contains(Duration.ofSeconds(1));
        assertThat(watch("90s")).contains(Duration.ofSeconds(90));
        assertThat(watch("2m")).contains(Duration.ofMinutes(2));
        assertThat(watch("1h")).contains(Duration.ofHours(1));
    }

    private Optional<Duration> watch(String written) throws ConfigurationException {
        return ConfigurationText.load(directory, ConfigurationText.completed("[front]\nwatch = \"" + written + "\""))
                .front()
                .peerCheckInterval();
    }

    @Test
    void keepsTheOrderOfTheNodes() throws ConfigurationException {
        Configuration loaded = ConfigurationText.load(directory, ConfigurationText.completed(""));
        assertThat(loaded.cluster(new HostName("web1.example.org")).peers())
                .extracting(Node::name)
                .containsExactly(WEB0);
        assertThatThrownBy(() -> loaded.node(new HostName("web9.example.org")))
                .hasMessage("web9.example.org is not among the nodes");
    }

    @Test
    void findsASiteByAnyOfItsNames() throws ConfigurationException {
        Configuration loaded = ConfigurationText.load(
                directory, ConfigurationText.completed("[[site]]\nnames = [\"a.org\", \"b.org\"]"));
        assertThat(loaded.site(new HostName("b.org"))).contains(loaded.sites().getFirst());
        assertThat(loaded.site(new HostName("c.org"))).isEmpty();
    }

    @Test
    void withStoreChangesNothingElse() throws ConfigurationException {
        Configuration loaded = ConfigurationText.load(directory, ConfigurationText.completed(""));
        Configuration moved = loaded.withStore(Path.of("here"));
        assertThat(moved.store()).isEqualTo(Path.of("here").toAbsolutePath());
        assertThat(moved.withStore(loaded.store())).isEqualTo(loaded);
    }
}
