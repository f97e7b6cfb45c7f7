package org.ringcert.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.pki.Pem;

/** Tests what the store says about damaged files. */
class StoreDamageTest {

    @TempDir
    private Path folder;

    private Store store;
    private Path link;

    @BeforeEach
    void open() throws StoreException {
        store = Store.open(folder.resolve("store"), Clock.fixed(Sample.NOW, ZoneOffset.UTC));
        link = folder.resolve("store/certs/www.example.org");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fullchain.pem", "privkey.pem", "origin.json"})
    void namesADamagedOrMissingFileAndTheRemedy(String name) throws Exception {
        Path file = Sample.install(store).directory().resolve(name);
        String intact = Files.readString(file);
        for (String damaged : List.of(
                "",
                "{",
                "{}",
                "[]",
                "{\"origin\":\"moon\"}",
                "{\"origin\":7}",
                "{\"origin\":\"issued\",\"directory\":\"a b\"}",
                "{".repeat(5000),
                "\u0000",
                intact.substring(intact.length() / 2),
                intact + intact.substring(0, intact.length() / 2),
                "x".repeat(2 << 20))) {
            Files.writeString(file, damaged);
            assertNamed(() -> store.current(CertificateName.first(Sample.SITE)), file, "or delete the link");
        }
        Files.delete(file);
        assertNamed(() -> store.current(CertificateName.first(Sample.SITE)), file, "is missing");
        Files.createDirectory(file);
        assertNamed(() -> store.current(CertificateName.first(Sample.SITE)), file, "not a regular file");
    }

    @Test
    void detectsTheKeyOfAnotherCertificate() throws Exception {
        Path file = Sample.install(store).directory().resolve("privkey.pem");
        Files.writeString(file, Pem.write(Sample.key().getPrivate()));

        assertNamed(() -> store.current(CertificateName.first(Sample.SITE)), file, "does not belong");
    }

    @Test
    void namesABadLinkAndTheRemedy() throws Exception {
        CertificateVersion version = Sample.install(store);
        Files.delete(link);
        for (String target : List.of(
                "../versions/www.example.org/20200101T000000Z",
                "/",
                "../versions/www.example.org",
                "../versions/shop.example.org/20200101T000000Z",
                "www.example.org")) {
            Files.createSymbolicLink(link, Path.of(target));
            assertNamed(() -> store.current(CertificateName.first(Sample.SITE)), link, "delete the link");
            Files.delete(link);
        }
        Files.createDirectory(link);
        assertNamed(() -> store.current(CertificateName.first(Sample.SITE)), link, "move it away");
        assertNamed(() -> Sample.install(store), link, "move it away");
        Files.delete(link);

        Files.createSymbolicLink(link, version.directory());
        assertThat(store.current(CertificateName.first(Sample.SITE)))
                .as("an absolute link works, too")
                .contains(version);
    }

    @Test
    void namesDamagedProgressAndTheRemedy() throws Exception {
        store.saveProgress(CertificateName.first(Sample.SITE), StoreProgressTest.progress(Optional.of(Sample.key())));
        Path file = folder.resolve("store/orders/www.example.org.json");
        String intact = Files.readString(file);
        for (String damaged : List.of(
                "",
                "null",
                intact.replace("ec256", "ec512"),
                intact.replace("\"times\" : 7", "\"times\" : 0"),
                intact.replace("\"times\" : 7", "\"times\" : 99999999999"),
                intact.replace("unreachable", "unheard"),
                intact.replace("2026-11-23T10:15:00Z", "yesterday"),
                intact.replace("www.example.org", "../../etc"),
                intact.replace("\"since\"", "\"once\""))) {
            Files.writeString(file, damaged);
            assertNamed(() -> store.progress(CertificateName.first(Sample.SITE)), file, "delete");
        }
        Files.writeString(file, intact.replace("ec256", "ec384"));
        assertNamed(() -> store.progress(CertificateName.first(Sample.SITE)), file, "not a key of type ec384");
    }

    @Test
    void messagesAboutDamagedFilesShowNoKey() throws Exception {
        store.accounts().save(Sample.CA, new StoredAccount(Sample.key(), Optional.of(Sample.CA.resolve("/account/1"))));
        store.saveProgress(CertificateName.first(Sample.SITE), StoreProgressTest.progress(Optional.of(Sample.key())));
        Path account;
        try (Stream<Path> files = Files.list(folder.resolve("store/accounts"))) {
            account = files.findFirst().orElseThrow();
        }
        Path progress = folder.resolve("store/orders/www.example.org.json");
        Path key = Sample.install(store).directory().resolve("privkey.pem");

        assertKeyNotShown(account, () -> store.accounts().find(Sample.CA));
        assertKeyNotShown(progress, () -> store.progress(CertificateName.first(Sample.SITE)));
        assertKeyNotShown(key, () -> store.current(CertificateName.first(Sample.SITE)));
    }

    @Test
    void stringsOfAccountsAndProgressShowNoKey() throws Exception {
        StoredAccount account = new StoredAccount(Sample.key(), Optional.of(Sample.CA.resolve("/account/1")));
        Progress progress = StoreProgressTest.progress(Optional.of(Sample.key()));
        store.accounts().save(Sample.CA, account);
        store.saveProgress(CertificateName.first(Sample.SITE), progress);

        String text = store.accounts().find(Sample.CA) + " " + store.progress(CertificateName.first(Sample.SITE));

        assertThat(text).contains("/account/1", "/order/9").doesNotContain("PRIVATE", "params", "S:");
    }

    @Test
    void detectsDamageEvenIfTheModificationTimeIsUnchanged() throws Exception {
        Path file = Sample.install(store).directory().resolve("fullchain.pem");
        FileTime modified = Files.getLastModifiedTime(file);
        Files.writeString(file, "damaged");
        Files.setLastModifiedTime(file, modified);

        assertNamed(() -> store.current(CertificateName.first(Sample.SITE)), file, "or delete the link");
    }

    private static void assertNamed(ThrowingCallable call, Path file, String remedy) {
        assertThat(catchThrowable(call))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(remedy);
    }

    /** Damages the file in many places, so that every step of its parsers fails once. */
    private static void assertKeyNotShown(Path file, ThrowingCallable call) throws Exception {
        String intact = Files.readString(file);
        int start = intact.indexOf("PRIVATE KEY-----") + 18;
        String secret = intact.substring(start, start + 60);
        for (int i = 0; i < intact.length(); i += 7) {
            for (String damaged : List.of(
                    intact.substring(0, i),
                    intact.substring(i),
                    intact.substring(0, i) + "\"" + intact.substring(i),
                    intact.substring(0, i) + "*" + intact.substring(i + 1))) {
                Files.writeString(file, damaged);
                Throwable thrown = catchThrowable(call);
                if (thrown != null) {
                    assertThat(thrown).isInstanceOf(StoreException.class);
                    StringWriter trace = new StringWriter();
                    thrown.printStackTrace(new PrintWriter(trace));
                    for (int offset = 0; offset + 8 <= secret.length(); offset++) {
                        assertThat(trace.toString()).doesNotContain(secret.substring(offset, offset + 8));
                    }
                }
            }
        }
        Files.writeString(file, intact);
    }
}
