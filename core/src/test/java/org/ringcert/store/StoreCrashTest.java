package org.ringcert.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that no crash damages the store. */
class StoreCrashTest {

    private static final Clock CLOCK = Clock.fixed(Sample.NOW, ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private Store store;
    private Path versions;

    @BeforeEach
    void open() throws StoreException {
        store = Store.open(folder.resolve("store"), CLOCK);
        versions = folder.resolve("store/versions/www.example.org");
    }

    @Test
    void aProcessKilledDuringAnInstallLeavesACompleteVersionAndNoLock() throws Exception {
        for (int round = 1; round <= 3; round++) {
            Process process = StoreProgram.start("022", "install forever", folder.resolve("store"));
            StoreProgram.awaitReady(process);
            int target = entries(versions).size() + 5 * round;
            Awaitility.await()
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() -> entries(versions).size() > target);
            process.destroyForcibly();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

            assertThat(store.current(CertificateName.first(Sample.SITE))).isPresent();
            for (String version : entries(versions)) {
                if (!version.startsWith(".")) {
                    assertThat(entries(versions.resolve(version))).as(version).hasSize(6);
                }
            }
            try (Store.Lock _ = store.tryLock(Sample.SITE).orElseThrow()) {
                CertificateVersion next = Sample.install(store);
                assertThat(store.current(CertificateName.first(Sample.SITE))).contains(next);
            }
            assertThat(entries(versions)).noneMatch(name -> name.startsWith("."));
        }
    }

    @Test
    void ignoresUnfinishedVersionsAndTheNextInstallDeletesThem() throws Exception {
        CertificateVersion previous = Sample.install(store);
        Path unfinished = Files.createDirectory(versions.resolve(".tmp-20261123T101500Z-2"));
        Files.writeString(unfinished.resolve("privkey.pem"), "-----BEGIN PRI");
        Files.createSymbolicLink(
                folder.resolve("store/certs/.tmp-www.example.org"), Path.of("../versions/www.example.org/gone"));

        assertThat(store.current(CertificateName.first(Sample.SITE))).contains(previous);
        assertThat(store.storedCertificates()).containsExactly(CertificateName.first(Sample.SITE));
        CertificateVersion next = Sample.install(store);

        assertThat(store.current(CertificateName.first(Sample.SITE))).contains(next);
        assertThat(unfinished).doesNotExist();
        assertThat(entries(folder.resolve("store/certs"))).containsExactly("www.example.org");
    }

    @Test
    void anInstallThatFailsBeforeTheSwitchKeepsThePreviousVersion() throws Exception {
        CertificateVersion previous = Sample.install(store);
        Path obstacle = Files.createDirectories(folder.resolve("store/certs/.tmp-www.example.org/x"));

        assertThatThrownBy(() -> Sample.install(store))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(
                        folder.resolve("store/certs/www.example.org").toString());
        assertThat(store.current(CertificateName.first(Sample.SITE))).contains(previous);

        Files.delete(obstacle);
        assertThat(Sample.install(store).directory()).hasFileName("20261123T101500Z-3");
    }

    @Test
    void aCrashBetweenKeyAndProgressLeavesProgressWithoutKey() throws Exception {
        store.saveProgress(CertificateName.first(Sample.SITE), StoreProgressTest.progress(Optional.empty()));
        Files.writeString(folder.resolve("store/orders/www.example.org.key"), "-----BEGIN PRI");

        assertThat(store.progress(CertificateName.first(Sample.SITE)))
                .isEqualTo(StoreProgressTest.progress(Optional.empty()));
    }

    @Test
    void ignoresAnUnfinishedReplacementOfAFile() throws Exception {
        Path temporary = folder.resolve("store/orders/.tmp-www.example.org.json");
        Files.writeString(temporary, "{\"orde");
        Progress progress = StoreProgressTest.progress(Optional.empty());

        store.saveProgress(CertificateName.first(Sample.SITE), progress);

        assertThat(store.progress(CertificateName.first(Sample.SITE))).isEqualTo(progress);
        assertThat(temporary).doesNotExist();
    }

    private static List<String> entries(Path directory) throws Exception {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
