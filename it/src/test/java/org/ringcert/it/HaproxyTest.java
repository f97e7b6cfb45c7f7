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
import java.util.function.UnaryOperator;
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
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import org.ringcert.view.visitor.TlsObservation;

/** A real HAProxy: it gets certificates while it runs, and a visitor's look tells what it serves. */
@UsesPebble
class HaproxyTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private static Path folder;

    private static Store store;
    private static Haproxy haproxy;

    @BeforeAll
    static void start() throws Exception {
        Haproxy.assumeInstalled();
        store = Store.open(folder.resolve("store"), Clock.systemUTC());
        List<Path> files = new ArrayList<>();
        for (String name : List.of("default", "www", "shop", "linked")) {
            files.add(certs(version(name)).resolve("combined.pem"));
        }
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
        return store.ensureSelfSigned(site(name), KeyType.EC256, RANDOM);
    }

    private static CertificateVersion renewed(String name) throws Exception {
        KeyPair key = KeyType.EC256.generate(RANDOM);
        Instant now = Instant.now();
        var leaf = SelfSignedCertificate.of(key, site(name).names(), now, now.plus(Duration.ofDays(90)));
        return store.install(site(name).name(), key, List.of(leaf), new Origin.SelfSigned());
    }

    private static Path certs(CertificateVersion version) {
        return store.certificates().resolve(version.site().value());
    }

    private static Map<HostName, String> tell(Path socket, CertificateVersion... versions) {
        return new HaproxyDeployer(socket, store.certificates()).deploy(List.of(versions));
    }

    private static Map<HostName, String> tell(CertificateVersion... versions) {
        return tell(haproxy.adminSocket(), versions);
    }

    private static Optional<String> look(CertificateVersion version) {
        return new HttpsServedCheck("127.0.0.1", haproxy.port(), new HostResolver(), Duration.ZERO).check(version);
    }

    /** The administrator prepares, starts the web server, and forgets to say how it is told. */
    @Test
    void theOldCertificateThatIsServedAfterARenewalIsSaidUntilAChangedFileCuresIt(@TempDir Path folder)
            throws Exception {
        Path files = Files.createDirectory(folder.resolve("haproxy"));
        int port = Haproxy.freePort();
        try (Testbed testbed =
                Testbed.start(folder, PebbleRelease.INSTALLED, UnaryOperator.identity(), 1, "www.example.org")) {
            testbed.editConfiguration(
                    text -> text.replace("listen = ", "https = \"127.0.0.1:" + port + "\"\nlisten = "));
            testbed.runCommand(0, 0, "renew", "--prepare");
            Path combined = Certificates.link(testbed, 0, 0).resolve("combined.pem");
            try (Haproxy server = Haproxy.start(files, port, List.of(combined))) {
                ChildProcess daemon = testbed.startDaemon(0);
                daemon.awaitLine(
                        line -> line.contains("WARN") && line.contains("www.example.org: its certificate is not what"),
                        Testbed.TIMEOUT);
                assertThat(testbed.runCommand(0, 1, "status"))
                        .contains("its certificate is not what visitors get", "127.0.0.1:" + port, "reloaded");

                testbed.editConfiguration(
                        text -> text + "[deploy]\nhaproxy-socket = \"" + server.adminSocket() + "\"\n");
                daemon.signal("HUP");
                daemon.awaitLine(
                        line -> line.contains("www.example.org: served at 127.0.0.1:" + port), Testbed.TIMEOUT);

                assertThat(server.visit("www.example.org"))
                        .isEqualTo(new TlsObservation.Served(Certificates.verified(testbed, 0, 0)));
                await().atMost(Testbed.TIMEOUT)
                        .untilAsserted(() ->
                                assertThat(testbed.runCommand(0, 0, "status")).contains("good"));
                assertThat(CaLog.of(testbed.ca()).orders()).isEqualTo(1);
            }
        }
    }

    @Test
    void newCertificatesAreServedWithoutAReloadAndTheLookTellsTheOldFromTheNew() throws Exception {
        assertThat(look(version("www"))).isEmpty();
        CertificateVersion www = renewed("www");
        CertificateVersion shop = renewed("shop");
        CertificateVersion linked = renewed("linked");
        assertThat(look(www))
                .hasValueSatisfying(said -> assertThat(said)
                        .contains(
                                "127.0.0.1:" + haproxy.port(),
                                "another certificate, serial",
                                "www.example.org/",
                                "reloaded"));

        assertThat(tell(www, shop, linked)).isEmpty();

        for (CertificateVersion version : List.of(www, shop, linked)) {
            assertThat(look(version)).isEmpty();
            assertThat(haproxy.visit(version.site().value())).isEqualTo(new TlsObservation.Served(version.leaf()));
        }
        assertThat(tell(www)).as("once more").isEmpty();
        assertThat(haproxy.isAlive()).isTrue();
    }

    @Test
    void emptyLinesInAFileEndNothing() throws Exception {
        CertificateVersion www = renewed("www");
        Path file = www.directory().resolve("combined.pem");
        Files.writeString(file, Files.readString(file).replace("-----END", "\n-----END") + "\n\n");

        assertThat(tell(www)).isEmpty();

        assertThat(look(www)).isEmpty();
    }

    @Test
    void aSiteThatHaproxyDoesNotServeIsAFailureWithTheFileToNameAndNoTroubleForTheLook() throws Exception {
        CertificateVersion mail = version("mail");
        CertificateVersion shop = renewed("shop");

        assertThat(tell(mail, shop))
                .containsOnlyKeys(mail.site())
                .allSatisfy((_, said) -> assertThat(said)
                        .contains("no certificate " + certs(mail).resolve("combined.pem"), "reload it once"));

        assertThat(look(shop)).isEmpty();
        assertThat(look(mail)).isEmpty();
    }

    @Test
    void whatHaproxyDoesNotTakeIsAFailureInItsWordsWithoutTheKeyAndLeavesNothingHalfDone() throws Exception {
        CertificateVersion before = renewed("www");
        assertThat(tell(before)).isEmpty();
        CertificateVersion broken = renewed("www");
        Path file = broken.directory().resolve("combined.pem");
        String key = Pem.write(KeyType.EC256.generate(RANDOM));
        for (String pem : List.of(key, "no PEM", Pem.write(broken.chain()) + key)) {
            Files.writeString(file, pem);

            String said = String.valueOf(tell(broken).get(broken.site()));

            assertThat(said).contains("HAProxy was not told: it answers `");
            assertThat(said.lines()).hasSize(1);
            assertThat(key.lines().filter(line -> !line.startsWith("--"))).noneMatch(said::contains);
        }
        assertThat(haproxy.visit("www.example.org")).isEqualTo(new TlsObservation.Served(before.leaf()));
        assertThat(tell(renewed("www"))).isEmpty();
    }

    /** RSA keys, and a hundred names: what HAProxy has no room for it drops without a word. */
    @Test
    void whatIsLargerThanHaproxysBufferIsSaidWithTheCureAndARestartTakesIt() throws Exception {
        CertificateVersion before = renewed("www");
        assertThat(tell(before)).isEmpty();
        KeyPair key = KeyType.EC256.generate(RANDOM);
        Instant now = Instant.now();
        List<HostName> names = Stream.concat(
                        Stream.of(new HostName("www.example.org")),
                        IntStream.range(0, 500)
                                .mapToObj(i -> new HostName("alias-" + i + ".of-the-same-site.example.org")))
                .toList();
        CertificateVersion large = store.install(
                before.site(),
                key,
                List.of(SelfSignedCertificate.of(key, names, now, now.plus(Duration.ofDays(90)))),
                new Origin.SelfSigned());
        long size = Files.size(large.directory().resolve("combined.pem"));
        assertThat(size).isBetween(16_384L, 60_000L);

        assertThat(tell(large).get(large.site()))
                .contains(
                        "HAProxy was not told: chain and key take ",
                        "write `tune.bufsize " + (size < 32_000 ? 32768 : 65536) + "` into its section `global`",
                        "The file that it reads is the new one already");

        assertThat(haproxy.visit("www.example.org")).isEqualTo(new TlsObservation.Served(before.leaf()));
        assertThat(tell(renewed("www"))).as("a small one again").isEmpty();
    }

    @Test
    void aSocketThatMayNotOrIsNotThereIsAFailureWithTheRemedy() throws Exception {
        CertificateVersion www = renewed("www");

        assertThat(tell(haproxy.userSocket(), www).get(www.site())).contains("level admin");
        assertThat(tell(folder.resolve("no.sock"), www).get(www.site()))
                .contains("no.sock cannot be used", "stats socket");
        Files.write(folder.resolve("file"), "x".getBytes(StandardCharsets.UTF_8));
        assertThat(tell(folder.resolve("file"), www).get(www.site())).contains("cannot be used");
    }
}
