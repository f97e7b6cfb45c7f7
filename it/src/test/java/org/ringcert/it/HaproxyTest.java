package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.deploy.HaproxyDeployer;
import org.ringcert.daemon.deploy.HttpsServedCheck;
import org.ringcert.demo.ChildProcess;
import org.ringcert.http.HostResolver;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;

/** A running HAProxy gets certificates through its socket, and the check of port 443 sees what it serves. */
@UsesPebble
class HaproxyTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** A site with an EC and an RSA certificate. */
    private static final CertificateName BOTH = CertificateName.of("both.example.org");

    private static final CertificateName BOTH_RSA = CertificateName.of("both.example.org+rsa");

    @TempDir
    private static Path folder;

    private static Store store;
    private static Haproxy haproxy;

    @BeforeAll
    static void start() throws Exception {
        Haproxy.assumeInstalled();
        store = Store.open(folder.resolve("store"), Clock.systemUTC());
        List<Path> files = new ArrayList<>();
        for (String name : List.of("default", "both", "www", "shop", "linked")) {
            files.add(certs(version(name)).resolve("combined.pem"));
        }
        files.add(1, certs(version(BOTH_RSA)).resolve("combined.pem"));
        Path linked = Files.createSymbolicLink(folder.resolve("a link"), files.removeLast());
        files.add(linked);
        haproxy = Haproxy.start(folder, Haproxy.freePort(), files);
    }

    @AfterAll
    static void stop() throws IOException {
        if (haproxy != null) {
            haproxy.close();
        }
    }

    private static Site site(String name) {
        return new Site(List.of(new HostName(name + ".example.org")));
    }

    private static CertificateVersion version(String name) throws Exception {
        return version(CertificateName.first(site(name).name()));
    }

    private static CertificateVersion version(CertificateName name) throws Exception {
        return store.ensureSelfSigned(name, new Site(List.of(name.site())), keyType(name), RANDOM);
    }

    private static KeyType keyType(CertificateName name) {
        return name.secondKey().isPresent() ? KeyType.RSA2048 : KeyType.EC256;
    }

    private static CertificateVersion renewed(String name) throws Exception {
        return renewed(CertificateName.first(site(name).name()));
    }

    private static CertificateVersion renewed(CertificateName name) throws Exception {
        KeyPair key = keyType(name).generate(RANDOM);
        Instant now = Instant.now();
        var leaf = SelfSignedCertificate.create(key, List.of(name.site()), now, now.plus(Duration.ofDays(90)));
        return store.install(name, key, List.of(leaf), new Origin.SelfSigned());
    }

    private static Path certs(CertificateVersion version) {
        return store.certificates().resolve(version.name().toString());
    }

    private static Map<CertificateName, String> deploy(Path socket, CertificateVersion... versions) {
        return new HaproxyDeployer(socket, store.certificates()).deploy(List.of(versions));
    }

    private static Map<CertificateName, String> deploy(CertificateVersion... versions) {
        return deploy(haproxy.adminSocket(), versions);
    }

    private static Optional<String> check(CertificateVersion version) {
        return new HttpsServedCheck("127.0.0.1", haproxy.port(), Set.of(BOTH.site()), new HostResolver(), Duration.ZERO)
                .check(version);
    }

    /** The administrator runs {@code renew --prepare}, starts HAProxy, and forgets to configure {@code [deploy]}. */
    @Test
    void reportsAnOutdatedServedCertificateUntilTheConfigurationIsFixed(@TempDir Path folder) throws Exception {
        Path files = Files.createDirectory(folder.resolve("haproxy"));
        int port = Haproxy.freePort();
        try (Testbed testbed = Testbed.start(folder, 1, "www.example.org")) {
            testbed.editConfiguration(
                    text -> text.replace("listen = ", "https = \"127.0.0.1:" + port + "\"\nlisten = "));
            testbed.runCommand(0, 0, "renew", "--prepare");
            Path combined = Certificates.link(testbed, 0, 0).resolve("combined.pem");
            try (Haproxy server = Haproxy.start(files, port, List.of(combined))) {
                ChildProcess daemon = testbed.startDaemon(0);
                daemon.awaitLine(
                        line -> line.contains("WARN")
                                && line.contains("www.example.org: its new certificate")
                                && line.contains("is not what visitors get"),
                        Testbed.TIMEOUT);
                assertThat(testbed.runCommand(0, 1, "status"))
                        .contains("is not what visitors get", "127.0.0.1:" + port, "reloaded");

                testbed.editConfiguration(
                        text -> text + "[deploy]\nhaproxy-socket = \"" + server.adminSocket() + "\"\n");
                daemon.signal("HUP");
                daemon.awaitLine(
                        line -> line.contains("www.example.org: served at 127.0.0.1:" + port), Testbed.TIMEOUT);

                assertThat(server.leaf("www.example.org")).isEqualTo(Certificates.verified(testbed, 0, 0));
                await().atMost(Testbed.TIMEOUT)
                        .untilAsserted(() ->
                                assertThat(testbed.runCommand(0, 0, "status")).contains("good"));
                assertThat(CaLog.of(testbed.ca()).orders()).isEqualTo(1);
            }
        }
    }

    @Test
    void servesNewCertificatesWithoutAReload() throws Exception {
        assertThat(check(version("www"))).isEmpty();
        CertificateVersion www = renewed("www");
        CertificateVersion shop = renewed("shop");
        CertificateVersion linked = renewed("linked");
        assertThat(check(www))
                .hasValueSatisfying(error -> assertThat(error)
                        .contains(
                                "127.0.0.1:" + haproxy.port(),
                                "another certificate, serial",
                                "www.example.org/",
                                "reloaded"));

        assertThat(deploy(www, shop, linked)).isEmpty();

        for (CertificateVersion version : List.of(www, shop, linked)) {
            assertThat(check(version)).isEmpty();
            assertThat(haproxy.leaf(version.site().value())).isEqualTo(version.leaf());
        }
        assertThat(deploy(www)).as("the same certificate again").isEmpty();
        assertThat(haproxy.isAlive()).isTrue();
    }

    private static void assertServed(CertificateVersion ec, CertificateVersion rsa) {
        assertThat(haproxy.leaf("both.example.org", KeyAlgorithm.EC)).isEqualTo(ec.leaf());
        assertThat(haproxy.leaf("both.example.org", KeyAlgorithm.RSA)).isEqualTo(rsa.leaf());
        assertThat(check(ec)).isEmpty();
        assertThat(check(rsa)).isEmpty();
    }

    @Test
    void replacesBothCertificatesOfASiteOrOneOfThem() throws Exception {
        CertificateVersion ec = version(BOTH);
        CertificateVersion rsa = version(BOTH_RSA);
        assertServed(ec, rsa);

        CertificateVersion newRsa = renewed(BOTH_RSA);
        assertThat(check(newRsa))
                .hasValueSatisfying(error -> assertThat(error)
                        .contains("who accept only RSA keys get another certificate", "both.example.org+rsa/"));
        assertThat(deploy(newRsa)).isEmpty();
        assertServed(ec, newRsa);

        CertificateVersion newEc = renewed(BOTH);
        assertThat(deploy(newEc)).isEmpty();
        assertServed(newEc, newRsa);

        CertificateVersion lastEc = renewed(BOTH);
        CertificateVersion lastRsa = renewed(BOTH_RSA);
        assertThat(deploy(lastRsa, lastEc)).isEmpty();
        assertServed(lastEc, lastRsa);
    }

    @Test
    void reportsASecondCertificateThatHaproxyDoesNotHave() throws Exception {
        CertificateName www = CertificateName.second(site("www").name(), KeyAlgorithm.RSA);
        CertificateVersion second = version(www);
        CertificateVersion first = renewed("www");

        assertThat(deploy(first, second))
                .containsOnlyKeys(www)
                .allSatisfy((_, error) -> assertThat(error).contains("www.example.org+rsa/combined.pem"));
        assertThat(check(first)).isEmpty();
    }

    @Test
    void acceptsEmptyLinesInTheFile() throws Exception {
        CertificateVersion www = renewed("www");
        Path file = www.directory().resolve("combined.pem");
        Files.writeString(file, Files.readString(file).replace("-----END", "\n-----END") + "\n\n");

        assertThat(deploy(www)).isEmpty();

        assertThat(check(www)).isEmpty();
    }

    @Test
    void reportsAMissingCertificateFileAndChecksOnlyServedSites() throws Exception {
        CertificateVersion mail = version("mail");
        CertificateVersion shop = renewed("shop");

        assertThat(deploy(mail, shop))
                .containsOnlyKeys(mail.name())
                .allSatisfy((_, error) -> assertThat(error)
                        .contains("no certificate " + certs(mail).resolve("combined.pem"), "reload it once"));

        assertThat(check(shop)).isEmpty();
        assertThat(check(mail)).isEmpty();
    }

    @Test
    void reportsHaproxysErrorWithoutTheKeyAndKeepsThePreviousCertificate() throws Exception {
        CertificateVersion previous = renewed("www");
        assertThat(deploy(previous)).isEmpty();
        CertificateVersion broken = renewed("www");
        Path file = broken.directory().resolve("combined.pem");
        String key = Pem.write(KeyType.EC256.generate(RANDOM));
        for (String pem : List.of(key, "no PEM", Pem.write(broken.chain()) + key)) {
            Files.writeString(file, pem);

            String error = String.valueOf(deploy(broken).get(broken.name()));

            assertThat(error).contains("HAProxy was not updated: it answers `");
            assertThat(error.lines()).hasSize(1);
            assertThat(key.lines().filter(line -> !line.startsWith("--"))).noneMatch(error::contains);
        }
        assertThat(haproxy.leaf("www.example.org")).isEqualTo(previous.leaf());
        assertThat(deploy(renewed("www"))).isEmpty();
    }

    /** HAProxy silently drops what does not fit into its buffer, such as RSA keys with many names. */
    @Test
    void reportsACertificateThatIsTooLargeForHaproxysBufferWithTheRemedy() throws Exception {
        CertificateVersion previous = renewed("www");
        assertThat(deploy(previous)).isEmpty();
        KeyPair key = KeyType.EC256.generate(RANDOM);
        Instant now = Instant.now();
        List<HostName> names = Stream.concat(
                        Stream.of(new HostName("www.example.org")),
                        IntStream.range(0, 500)
                                .mapToObj(i -> new HostName("alias-" + i + ".of-the-same-site.example.org")))
                .toList();
        CertificateVersion large = store.install(
                CertificateName.first(previous.site()),
                key,
                List.of(SelfSignedCertificate.create(key, names, now, now.plus(Duration.ofDays(90)))),
                new Origin.SelfSigned());
        long size = Files.size(large.directory().resolve("combined.pem"));
        assertThat(size).isBetween(16_384L, 60_000L);

        assertThat(deploy(large).get(large.name()))
                .contains(
                        "HAProxy was not updated: chain and key take ",
                        "write `tune.bufsize " + (size < 32_000 ? 32768 : 65536) + "` into its section `global`",
                        "The file that it reads is already the new one");

        assertThat(haproxy.leaf("www.example.org")).isEqualTo(previous.leaf());
        assertThat(deploy(renewed("www"))).as("the next one, which is small").isEmpty();
    }

    @Test
    void reportsAnUnusableSocketWithTheRemedy() throws Exception {
        CertificateVersion www = renewed("www");

        assertThat(deploy(haproxy.userSocket(), www).get(www.name())).contains("level admin");
        assertThat(deploy(folder.resolve("no.sock"), www).get(www.name()))
                .contains("no.sock cannot be used", "stats socket");
        Files.write(folder.resolve("file"), "x".getBytes(StandardCharsets.UTF_8));
        assertThat(deploy(folder.resolve("file"), www).get(www.name())).contains("cannot be used");
    }
}
