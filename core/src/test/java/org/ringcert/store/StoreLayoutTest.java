package org.ringcert.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.pki.Pem;

/** Tests names, owners and modes of what is in the store. */
class StoreLayoutTest {

    private static final Clock CLOCK = Clock.fixed(Sample.NOW, ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @Test
    void filesAreWhereTheDocumentationSays() throws Exception {
        Store store = Store.open(folder.resolve("store"), CLOCK);
        KeyPair key = Sample.key();
        List<X509Certificate> chain = Sample.chain(key);

        CertificateVersion version = store.install(CertificateName.first(Sample.SITE), key, chain, Sample.ISSUED);

        Path link = folder.resolve("store/certs/www.example.org");
        assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("../versions/www.example.org/20261123T101500Z"));
        String privateKey = Pem.write(key.getPrivate());
        String fullchain = Pem.write(chain);
        assertThat(link.resolve("privkey.pem")).hasContent(privateKey);
        assertThat(link.resolve("cert.pem")).hasContent(Pem.write(chain.subList(0, 1)));
        assertThat(link.resolve("chain.pem")).hasContent(Pem.write(chain.subList(1, 2)));
        assertThat(link.resolve("fullchain.pem")).hasContent(fullchain);
        assertThat(link.resolve("combined.pem")).hasContent(fullchain + privateKey);
        assertThat(entries(version.directory())).hasSize(6);
        assertThat(version.directory()).isEqualTo(folder.resolve("store/versions/www.example.org/20261123T101500Z"));
        assertThat(store.challenges()).isEqualTo(folder.resolve("store/challenges"));
        assertThat(store.directory()).isEqualTo(folder.resolve("store"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"000", "022", "077", "777"})
    void modesDoNotDependOnTheUmask(String umask) throws Exception {
        Path store = folder.resolve("parent/store");
        Process process = StoreProgram.start(umask, "everything", store);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();

        assertThat(Sample.mode(folder.resolve("parent"))).isEqualTo("rwxr-xr-x");
        assertThat(Sample.mode(store)).isEqualTo("rwx--x--x");
        for (String each : List.of("challenges", "certs", "versions")) {
            assertThat(Sample.mode(store.resolve(each))).as(each).isEqualTo("rwxr-xr-x");
        }
        for (String each : List.of("accounts", "orders")) {
            assertThat(Sample.mode(store.resolve(each))).as(each).isEqualTo("rwx------");
            assertThat(entries(store.resolve(each))).hasSizeGreaterThanOrEqualTo(2);
            for (Path file : entries(store.resolve(each))) {
                assertThat(Sample.mode(file)).as(file.toString()).isEqualTo("rw-------");
            }
        }
        Path version = store.resolve("certs/www.example.org").toRealPath();
        assertThat(Sample.mode(store.resolve("versions/www.example.org"))).isEqualTo("rwxr-xr-x");
        assertThat(Sample.mode(version)).isEqualTo("rwxr-xr-x");
        for (Path file : entries(version)) {
            boolean secret = file.endsWith("privkey.pem") || file.endsWith("combined.pem");
            assertThat(Sample.mode(file)).as(file.toString()).isEqualTo(secret ? "rw-------" : "rw-r--r--");
        }
    }

    @Test
    void openingCorrectsModesAndLosesNothing() throws Exception {
        Path root = folder.resolve("store");
        Store store = Store.open(root, CLOCK);
        CertificateVersion version = Sample.install(store);
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(root.resolve("accounts"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(root.resolve("certs"), PosixFilePermissions.fromString("rwx------"));

        Store again = Store.open(root, CLOCK);

        assertThat(Sample.mode(root)).isEqualTo("rwx--x--x");
        assertThat(Sample.mode(root.resolve("accounts"))).isEqualTo("rwx------");
        assertThat(Sample.mode(root.resolve("certs"))).isEqualTo("rwxr-xr-x");
        assertThat(again.current(CertificateName.first(Sample.SITE))).contains(version);
    }

    @Test
    void whatRootCreatesBelongsToTheOwnerOfTheStore() throws Exception {
        boolean isRoot = Files.getAttribute(folder, "unix:uid").equals(0);
        if (!isRoot) {
            System.err.println("SKIPPED: only root can give files to another user");
        }
        assumeTrue(isRoot, "only root can give files to another user");
        Path owned = Files.createDirectory(folder.resolve("store"));
        Files.setAttribute(owned, "unix:uid", 4711);
        Files.setAttribute(owned, "unix:gid", 4712);

        StoreProgram.writeEverything(Store.open(owned, CLOCK));

        try (Stream<Path> all = Files.walk(owned)) {
            List<Path> files = all.toList();
            assertThat(files).hasSizeGreaterThan(25);
            for (Path file : files) {
                assertThat(Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS))
                        .as(file.toString())
                        .isEqualTo(4711);
                assertThat(Files.getAttribute(file, "unix:gid", LinkOption.NOFOLLOW_LINKS))
                        .as(file.toString())
                        .isEqualTo(4712);
            }
        }
    }

    @Test
    void refusesAFileInPlaceOfTheStoreAndNamesTheRemedy() throws Exception {
        Path file = Files.writeString(folder.resolve("store"), "");

        assertThatThrownBy(() -> Store.open(file, CLOCK))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("[store] directory");
        assertThatThrownBy(() -> Store.open(file.resolve("below"), CLOCK))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("[store] directory");
    }

    @Test
    void refusesALinkInPlaceOfADirectoryAndLeavesItsTargetAlone() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwxr-x---"));
        Path root = Files.createDirectory(folder.resolve("store"));
        Files.createSymbolicLink(root.resolve("accounts"), elsewhere);

        assertThatThrownBy(() -> Store.open(root, CLOCK))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(root.resolve("accounts").toString());
        assertThat(Sample.mode(elsewhere)).isEqualTo("rwxr-x---");
    }

    @Test
    void listsOnlySitesThatHaveALink() throws Exception {
        Store store = Store.open(folder.resolve("store"), CLOCK);
        Sample.install(store);
        Files.createSymbolicLink(folder.resolve("store/certs/.tmp-shop.example.org"), Path.of("nowhere"));
        Files.writeString(folder.resolve("store/certs/README"), "");

        assertThat(store.storedCertificates()).containsExactly(CertificateName.first(Sample.SITE));
    }

    private static List<Path> entries(Path directory) throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
