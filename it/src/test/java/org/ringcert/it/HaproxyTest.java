package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.demo.ChildProcess;
import org.ringcert.daemon.demo.FreePorts;
import org.ringcert.daemon.deploy.HaproxySocket;
import org.ringcert.daemon.deploy.HttpsLook;
import org.ringcert.http.AddressBook;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.pki.SelfSigned;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import org.ringcert.store.Version;
import org.ringcert.view.visitor.Sight;
import org.ringcert.view.visitor.Visitor;

/** A real HAProxy: it gets certificates while it runs, and a visitor's look tells what it serves. */
class HaproxyTest {

    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    @TempDir
    private static Path folder;

    private static Store store;
    private static ChildProcess haproxy;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Files.isExecutable(HAPROXY), HAPROXY + " is not installed (Debian: haproxy)");
        store = Store.open(folder.resolve("store"), Clock.systemUTC());
        port = FreePorts.on(List.of(HERE));
        StringBuilder bind = new StringBuilder("bind 127.0.0.1:" + port + " ssl");
        for (String name : List.of("default", "www", "shop", "linked")) {
            Version version = version(name);
            Path file = certs(version).resolve("combined.pem");
            if (name.equals("linked")) {
                file = Files.createSymbolicLink(folder.resolve("a link"), file);
            }
            bind.append(" crt ").append(file.toString().replace(" ", "\\ "));
        }
        Path configuration = folder.resolve("haproxy.cfg");
        Files.writeString(
                configuration, """
                global
                    stats socket %s mode 600 level admin
                    stats socket %s mode 600 level user
                defaults
                    mode http
                    timeout client 30s
                    timeout server 30s
                    timeout connect 5s
                frontend https
                    %s
                    http-request return status 200
                """.formatted(folder.resolve("admin.sock"), folder.resolve("user.sock"), bind));
        haproxy = ChildProcess.start(
                "haproxy",
                List.of(HAPROXY.toString(), "-db", "-f", configuration.toString()),
                Map.of(),
                folder.resolve("haproxy.log"));
        await().atMost(Lab.LONG).until(() -> !haproxy.isAlive() || visit("www.example.org") instanceof Sight.Served);
        assertThat(haproxy.isAlive()).as(haproxy.output()).isTrue();
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

    private static Version version(String name) throws Exception {
        return store.ensureSelfSigned(site(name), KeyType.EC256, RANDOM);
    }

    private static Version renewed(String name) throws Exception {
        KeyPair key = KeyType.EC256.generate(RANDOM);
        Instant now = Instant.now();
        var leaf = SelfSigned.of(key, site(name).names(), now, now.plus(Duration.ofDays(90)));
        return store.install(site(name).name(), key, List.of(leaf), new Origin.SelfSigned());
    }

    private static Path certs(Version version) {
        return store.certificates().resolve(version.site().value());
    }

    private static Map<HostName, String> tell(String socket, Version... versions) {
        return new HaproxySocket(folder.resolve(socket), store.certificates()).deploy(List.of(versions));
    }

    private static Sight visit(String name) {
        return Visitor.visit(new InetSocketAddress(HERE, port), new HostName(name), Lab.LONG);
    }

    private static Optional<String> look(Version version) {
        return new HttpsLook("127.0.0.1", port, new AddressBook(), Duration.ZERO).look(version);
    }

    @Test
    void newCertificatesAreServedWithoutAReload_andTheLookTellsTheOldFromTheNew() throws Exception {
        assertThat(look(version("www"))).isEmpty();
        Version www = renewed("www");
        Version shop = renewed("shop");
        Version linked = renewed("linked");
        assertThat(look(www))
                .hasValueSatisfying(said -> assertThat(said)
                        .contains("127.0.0.1:" + port, "another certificate, serial", "www.example.org/", "reloaded"));

        assertThat(tell("admin.sock", www, shop, linked)).isEmpty();

        for (Version version : List.of(www, shop, linked)) {
            assertThat(look(version)).isEmpty();
            assertThat(visit(version.site().value())).isEqualTo(new Sight.Served(version.leaf()));
        }
        assertThat(tell("admin.sock", www)).as("once more").isEmpty();
        assertThat(haproxy.isAlive()).isTrue();
    }

    @Test
    void emptyLinesInAFileEndNothing() throws Exception {
        Version www = renewed("www");
        Path file = www.directory().resolve("combined.pem");
        Files.writeString(file, Files.readString(file).replace("-----END", "\n-----END") + "\n\n");

        assertThat(tell("admin.sock", www)).isEmpty();

        assertThat(look(www)).isEmpty();
    }

    @Test
    void aSiteThatHaproxyDoesNotServeIsAFailureWithTheFileToName_andNoTroubleForTheLook() throws Exception {
        Version mail = version("mail");
        Version shop = renewed("shop");

        assertThat(tell("admin.sock", mail, shop))
                .containsOnlyKeys(mail.site())
                .allSatisfy((_, said) -> assertThat(said)
                        .contains("no certificate " + certs(mail).resolve("combined.pem"), "reload it once"));

        assertThat(look(shop)).isEmpty();
        assertThat(look(mail)).isEmpty();
    }

    @Test
    void whatHaproxyDoesNotTakeIsAFailureInItsWords_withoutTheKey_andLeavesNothingHalfDone() throws Exception {
        Version before = renewed("www");
        assertThat(tell("admin.sock", before)).isEmpty();
        Version broken = renewed("www");
        Path file = broken.directory().resolve("combined.pem");
        String key = Pem.write(KeyType.EC256.generate(RANDOM));
        for (String pem : List.of(key, "no PEM", Pem.write(broken.chain()) + key)) {
            Files.writeString(file, pem);

            String said = tell("admin.sock", broken).get(broken.site());

            assertThat(said).contains("HAProxy was not told: it answers `");
            assertThat(said.lines()).hasSize(1);
            assertThat(key.lines().filter(line -> !line.startsWith("--"))).noneMatch(said::contains);
        }
        assertThat(visit("www.example.org")).isEqualTo(new Sight.Served(before.leaf()));
        assertThat(tell("admin.sock", renewed("www"))).isEmpty();
    }

    @Test
    void aSocketThatMayNotOrIsNotThereIsAFailureWithTheRemedy() throws Exception {
        Version www = renewed("www");

        assertThat(tell("user.sock", www).get(www.site())).contains("level admin");
        assertThat(tell("no.sock", www).get(www.site())).contains("no.sock cannot be used", "stats socket");
        Files.write(folder.resolve("file"), "x".getBytes(StandardCharsets.UTF_8));
        assertThat(tell("file", www).get(www.site())).contains("cannot be used");
    }
}
