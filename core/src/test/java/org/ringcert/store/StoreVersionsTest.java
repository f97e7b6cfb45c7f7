package org.ringcert.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.issue.ManualClock;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;

/** Tests how certificate versions are installed, read and deleted. */
class StoreVersionsTest {

    private final ManualClock clock = new ManualClock();

    @TempDir
    private Path folder;

    private Store store;

    @BeforeEach
    void open() throws StoreException {
        store = Store.open(folder.resolve("store"), clock);
    }

    @Test
    void anInstalledVersionIsCurrentForTheNextProcessToo() throws Exception {
        assertThat(store.current(CertificateName.first(Sample.SITE))).isEmpty();

        CertificateVersion installed = Sample.install(store);

        Store next = Store.open(folder.resolve("store"), clock);
        assertThat(next.current(CertificateName.first(Sample.SITE))).contains(installed);
        assertThat(installed.origin()).isEqualTo(Sample.ISSUED);
        assertThat(installed.names()).containsExactly(new HostName("example.org"), Sample.SITE);
        assertThat(installed.lifetime()).isEqualTo(Duration.ofDays(90));
        assertThat(installed.keyType()).contains(KeyType.EC256);
    }

    @Test
    void refusesAKeyOfAnotherCertificateAndKeepsThePreviousVersion() throws Exception {
        CertificateVersion previous = Sample.install(store);
        KeyPair key = Sample.key();
        KeyPair other = Sample.key();

        assertThatThrownBy(() ->
                        store.install(CertificateName.first(Sample.SITE), other, Sample.chain(key), Sample.ISSUED))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.install(CertificateName.first(Sample.SITE), key, List.of(), Sample.ISSUED))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(store.current(CertificateName.first(Sample.SITE))).contains(previous);
        assertThat(versions()).hasSize(1);
    }

    @Test
    void versionsOfTheSameSecondAreNumbered() throws Exception {
        for (int i = 0; i < 11; i++) {
            Sample.install(store);
        }

        assertThat(versions())
                .contains("20261123T101500Z", "20261123T101500Z-2", "20261123T101500Z-3", "20261123T101500Z-11");
        assertThat(store.current(CertificateName.first(Sample.SITE))
                        .orElseThrow()
                        .directory())
                .hasFileName("20261123T101500Z-11");
    }

    @Test
    void deletesVersionsADayAfterTheyWereReplacedExceptThePreviousOne() throws Exception {
        Sample.install(store);
        clock.move(Duration.ofDays(60));
        Sample.install(store);
        assertThat(versions()).as("the previous version stays, however old").hasSize(2);

        clock.move(Duration.ofHours(23));
        Sample.install(store);
        assertThat(versions()).as("the first was replaced 23 hours ago").hasSize(3);

        clock.move(Duration.ofHours(2));
        Sample.install(store);
        assertThat(versions())
                .as("the first was replaced 25 hours ago")
                .containsExactly("20270122T101500Z", "20270123T091500Z", "20270123T111500Z");

        clock.move(Duration.ofDays(60));
        Sample.install(store);
        assertThat(versions()).containsExactly("20270123T111500Z", "20270324T111500Z");
    }

    @Test
    void keepsManyVersionsForADayAndDeletesThemTogether() throws Exception {
        for (int i = 0; i < 12; i++) {
            Sample.install(store);
        }
        assertThat(versions()).hasSize(12);

        clock.move(Duration.ofDays(2));
        Sample.install(store);

        assertThat(versions()).containsExactly("20261123T101500Z-12", "20261125T101500Z");
    }

    @Test
    void aVersionThatAnAdministratorRevertedToIsCurrentAndIsKeptWhenReplaced() throws Exception {
        CertificateVersion first = Sample.install(store);
        clock.move(Duration.ofHours(1));
        Sample.install(store);
        Path link = folder.resolve("store/certs/www.example.org");
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("../versions/www.example.org/20261123T101500Z"));
        assertThat(store.current(CertificateName.first(Sample.SITE))).contains(first);

        clock.move(Duration.ofDays(30));
        Sample.install(store);

        assertThat(versions()).contains("20261123T101500Z");
    }

    @Test
    void aClockThatWasSetBackDeletesNothingInUse() throws Exception {
        Sample.install(store);
        clock.move(Duration.ofDays(-10));

        CertificateVersion current = Sample.install(store);

        assertThat(store.current(CertificateName.first(Sample.SITE))).contains(current);
        assertThat(versions()).hasSize(2);
    }

    @Test
    void deletesVersionsFromTheFutureADayAfterTheClockWasCorrected() throws Exception {
        Sample.install(store);
        clock.move(Duration.ofDays(400));
        for (int i = 0; i < 3; i++) {
            Sample.install(store);
        }
        clock.move(Duration.ofDays(-400).plusHours(1));
        Sample.install(store);
        Sample.install(store);
        clock.move(Duration.ofDays(1));
        Sample.install(store);
        assertThat(versions()).as("not yet a whole day later").hasSize(7);

        clock.move(Duration.ofSeconds(1));
        Sample.install(store);
        clock.move(Duration.ofDays(1).plusSeconds(1));
        Sample.install(store);

        assertThat(versions()).containsExactlyInAnyOrder("20261124T111501Z", "20261125T111502Z");
    }

    @Test
    void keepsWhatAnAdministratorPutNextToTheVersions() throws Exception {
        Sample.install(store);
        Files.createDirectory(folder.resolve("store/versions/www.example.org/mine"));
        Files.createDirectory(folder.resolve("store/versions/www.example.org/20261399T101500Z"));
        clock.move(Duration.ofDays(60));
        Sample.install(store);
        clock.move(Duration.ofDays(60));
        Sample.install(store);

        assertThat(versions()).contains("mine", "20261399T101500Z").hasSize(4);
    }

    @Test
    void makesASelfSignedCertificateOnce() throws Exception {
        Site site = new Site(List.of(Sample.SITE, new HostName("example.org")));

        CertificateVersion made =
                store.ensureSelfSigned(CertificateName.first(site.name()), site, KeyType.EC384, new SecureRandom());

        assertThat(made.origin()).isEqualTo(new Origin.SelfSigned());
        assertThat(made.names()).containsExactly(new HostName("example.org"), Sample.SITE);
        assertThat(made.keyType()).contains(KeyType.EC384);
        assertThat(made.notBefore()).isEqualTo(Sample.NOW);
        assertThat(made.lifetime()).isEqualTo(Duration.ofDays(365));
        clock.move(Duration.ofDays(400));
        assertThat(store.ensureSelfSigned(CertificateName.first(site.name()), site, KeyType.EC256, new SecureRandom()))
                .isEqualTo(made);
        assertThat(store.current(CertificateName.first(Sample.SITE))).contains(made);
    }

    @Test
    void aReaderThatResolvesTheLinkOnceSeesAMatchingPairDuringASwitch() throws Exception {
        Sample.install(store);
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < 25; i++) {
                    Sample.install(store);
                }
            } catch (StoreException e) {
                throw new IllegalStateException(e);
            } finally {
                done.set(true);
            }
        });
        Path link = folder.resolve("store/certs/www.example.org");
        int reads = 0;
        while (!done.get()) {
            for (int i = 0; i < 2000; i++) {
                // If there were a moment without a link, it would be short.
                assertThat(Files.isSymbolicLink(link)).isTrue();
            }
            Path version = link.toRealPath();
            List<X509Certificate> chain = Pem.certificates(Files.readString(version.resolve("fullchain.pem")));
            String key = Files.readString(version.resolve("privkey.pem"));
            assertThat(Pem.keyPair(key, chain.getFirst().getPublicKey())).isNotNull();
            assertThat(store.current(CertificateName.first(Sample.SITE))).isPresent();
            reads++;
        }
        writer.join();
        assertThat(reads).isPositive();
        assertThat(versions()).hasSize(26);
    }

    @Test
    void anOriginIsReadAsItWasInstalled() throws Exception {
        KeyPair key = Sample.key();
        Origin origin =
                new Origin.IssuedByCa(Sample.CA, Optional.of(Sample.CA.resolve("/account/1?x=%22")), Optional.empty());

        store.install(CertificateName.first(Sample.SITE), key, Sample.chain(key), origin);

        assertThat(store.current(CertificateName.first(Sample.SITE))
                        .orElseThrow()
                        .origin())
                .isEqualTo(origin);
    }

    @Test
    void theChainsThatTheCaOfferedAreReadAsTheyWereInstalled() throws Exception {
        KeyPair key = Sample.key();
        Origin origin = new Origin.IssuedByCa(
                Sample.CA,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.of(new OfferedChains(List.of("Root \"X1\"", "Root X2"), 3)));

        store.install(CertificateName.first(Sample.SITE), key, Sample.chain(key), origin);

        Store next = Store.open(folder.resolve("store"), clock);
        assertThat(next.current(CertificateName.first(Sample.SITE))
                        .orElseThrow()
                        .origin())
                .isEqualTo(origin);
    }

    @Test
    void anUnknownAccountStaysUnknownAndEarlierReleasesCanReadIt() throws Exception {
        KeyPair key = Sample.key();
        Origin origin = new Origin.IssuedByCa(Sample.CA, Optional.empty(), Optional.of("tlsserver"));

        CertificateVersion version = store.install(CertificateName.first(Sample.SITE), key, Sample.chain(key), origin);

        Path file = version.directory().resolve("origin.json");
        Store next = Store.open(folder.resolve("store"), clock);
        assertThat(next.current(CertificateName.first(Sample.SITE))
                        .orElseThrow()
                        .origin())
                .isEqualTo(origin);
        // Earlier releases require a string there and parse it as a URI.
        String account = StoredJson.parse(Files.readString(file)).string("account");
        assertThat(new URI(account)).hasToString("unknown");

        Files.writeString(file, Files.readString(file).replaceFirst("\\s*\"account\"[^,]*,", ""));

        assertThat(Files.readString(file)).doesNotContain("account");
        assertThat(next.current(CertificateName.first(Sample.SITE))
                        .orElseThrow()
                        .origin())
                .isEqualTo(origin);
    }

    private List<String> versions() throws Exception {
        try (Stream<Path> files = Files.list(folder.resolve("store/versions/www.example.org"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
