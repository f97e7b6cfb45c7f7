package org.ringcert.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;

/** Tests how accounts and the progress of sites are stored. */
class StoreProgressTest {

    private static final URI OTHER_CA = URI.create("https://other.example.net/directory");
    private static final Clock CLOCK = Clock.fixed(Sample.NOW, ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private Store store;

    @BeforeEach
    void open() throws StoreException {
        store = Store.open(folder.resolve("store"), CLOCK);
    }

    /** Progress at two CAs, one of which has failed. */
    static Progress progress(Optional<KeyPair> key) {
        Progress.Failure failure = new Progress.Failure(
                7,
                Sample.NOW,
                Sample.NOW.plusSeconds(60),
                "It said \"no\"\n\u00e9",
                false,
                Optional.empty(),
                new Progress.Tally(FailureKind.UNREACHABLE, 3, 2));
        return Progress.NONE
                .with(new AuthorityProgress(
                        Sample.CA,
                        Optional.of(new Progress.PendingOrder(
                                URI.create("https://ca.example.org/account/7"),
                                URI.create("https://ca.example.org/order/9"),
                                Optional.of(URI.create("https://ca.example.org/order/9/finalize")),
                                List.of(Sample.SITE, new HostName("example.org")),
                                Optional.of("tlsserver"),
                                KeyType.EC256,
                                key,
                                Sample.NOW)),
                        List.of(Sample.NOW.minusSeconds(5), Sample.NOW),
                        Optional.of(failure),
                        Optional.of(new Postponement(
                                Sample.NOW.minusSeconds(90),
                                3,
                                Sample.NOW.minusSeconds(30),
                                Sample.NOW.plusSeconds(30),
                                Sample.NOW.plusSeconds(600),
                                "It saw nobody.")),
                        Optional.of(new PendingTurn(
                                PendingTurn.Cause.PLAN,
                                List.of(Sample.SITE),
                                Sample.NOW.minusSeconds(90),
                                Sample.NOW.plusSeconds(900),
                                Sample.NOW.plusSeconds(60),
                                "others come first"))))
                .with(Progress.NONE
                        .at(OTHER_CA)
                        .withFailure(failure.withOutage(Optional.of(
                                new Progress.Outage(Sample.NOW.minusSeconds(900), 3, Duration.ofHours(34))))))
                .withRollout(new PendingRollout.Undeployed(
                        new Progress.PendingTask(2, Sample.NOW, Sample.NOW.plusSeconds(30), "exit status 1")));
    }

    @Test
    void progressIsReadAsItWasSavedIncludingItsKey() throws Exception {
        KeyPair key = Sample.key();
        assertThat(store.progress(CertificateName.first(Sample.SITE))).isEqualTo(Progress.NONE);

        store.saveProgress(CertificateName.first(Sample.SITE), progress(Optional.empty()));
        assertThat(store.progress(CertificateName.first(Sample.SITE))).isEqualTo(progress(Optional.empty()));
        store.saveProgress(CertificateName.first(Sample.SITE), progress(Optional.of(key)));

        Progress read = Store.open(folder.resolve("store"), CLOCK).progress(CertificateName.first(Sample.SITE));
        KeyPair readKey = key(read).orElseThrow();
        assertThat(Pem.write(readKey)).isEqualTo(Pem.write(key));
        assertThat(read.failures()).isEqualTo(progress(Optional.empty()).failures());
        assertThat(read.rollout()).isEqualTo(progress(Optional.empty()).rollout());
        assertThat(files("orders")).containsExactly("www.example.org.json");
    }

    @Test
    void aPendingServedCheckIsReadAsItWasSaved() throws Exception {
        Progress progress = Progress.NONE.withRollout(new PendingRollout.Unserved(
                new Progress.PendingTask(1, Sample.NOW, Sample.NOW.plusSeconds(40), "the old one is served")));

        store.saveProgress(CertificateName.first(Sample.SITE), progress);

        assertThat(store.progress(CertificateName.first(Sample.SITE))).isEqualTo(progress);
    }

    private static Optional<KeyPair> key(Progress progress) {
        return progress.at(Sample.CA).order().flatMap(Progress.PendingOrder::key);
    }

    @Test
    void aNewKeyReplacesThePreviousOne() throws Exception {
        KeyPair second = Sample.key();
        store.saveProgress(CertificateName.first(Sample.SITE), progress(Optional.of(Sample.key())));

        store.saveProgress(CertificateName.first(Sample.SITE), progress(Optional.of(second)));

        assertThat(key(store.progress(CertificateName.first(Sample.SITE))))
                .map(Pem::write)
                .contains(Pem.write(second));
    }

    @Test
    void deletesTheFileOfCompletedProgress() throws Exception {
        store.saveProgress(CertificateName.first(Sample.SITE), progress(Optional.of(Sample.key())));
        store.saveProgress(CertificateName.first(Sample.SITE), Progress.NONE);
        assertThat(files("orders")).isEmpty();
        assertThat(store.progress(CertificateName.first(Sample.SITE))).isEqualTo(Progress.NONE);
        store.saveProgress(CertificateName.first(Sample.SITE), Progress.NONE);
    }

    @Test
    void cutsAReasonOfSeveralMegabytesSoThatItCanBeRead() throws Exception {
        String reason = "\u20ac\"".repeat(1 << 20);
        Progress.PendingTask deployment = new Progress.PendingTask(0, Sample.NOW, Sample.NOW, reason);

        store.saveProgress(
                CertificateName.first(Sample.SITE),
                Progress.NONE.withRollout(new PendingRollout.Undeployed(deployment)));

        assertThat(store.progress(CertificateName.first(Sample.SITE))
                        .rollout()
                        .orElseThrow()
                        .task()
                        .reason())
                .isEqualTo(reason.substring(0, 10_000));
    }

    @Test
    void anAccountIsReadAsItWasSavedAndBelongsToOneCa() throws Exception {
        StoredAccount account =
                new StoredAccount(Sample.key(), Optional.of(URI.create("https://ca.example.org/account/7")));
        StoredAccount other =
                new StoredAccount(Sample.key(), Optional.of(URI.create("https://ca.example.org/account/8")));
        URI twin = URI.create("https://ca.example.org/directory/");
        assertThat(store.accounts().find(Sample.CA)).isEmpty();

        store.accounts().save(Sample.CA, account);
        store.accounts().save(Sample.CA, account);
        store.accounts().save(twin, other);

        assertSame(store.accounts().find(Sample.CA), account);
        assertSame(store.accounts().find(twin), other);
        assertThat(files("accounts")).hasSize(2).allMatch(name -> name.startsWith("ca.example.org-directory-"));
    }

    @Test
    void cutsTheProblemOfAnAccountSoThatTheAccountCanBeRead() throws Exception {
        String problem = "\u20ac\"".repeat(1 << 20);
        StoredAccount account =
                new StoredAccount(Sample.key(), Optional.empty(), Optional.of(problem), Optional.of(Sample.NOW));

        store.accounts().save(Sample.CA, account);

        assertSame(store.accounts().find(Sample.CA), account);
        assertThat(store.accounts().problem(Sample.CA)).contains(problem.substring(0, 10_000));
    }

    @Test
    void keepsAReplacedAccountUnderAnotherName() throws Exception {
        for (int number = 1; number <= 3; number++) {
            store.accounts()
                    .save(
                            Sample.CA,
                            new StoredAccount(Sample.key(), Optional.of(Sample.CA.resolve("/account/" + number))));
        }

        assertThat(store.accounts().find(Sample.CA).orElseThrow().url()).contains(Sample.CA.resolve("/account/3"));
        List<String> files = files("accounts");
        assertThat(files).hasSize(3);
        assertThat(files).anyMatch(name -> name.endsWith(".20261123T101500Z.json"));
        assertThat(files).anyMatch(name -> name.endsWith(".20261123T101500Z-2.json"));
    }

    @Test
    void refusesTheAccountOfAnotherCaUnderThisName() throws Exception {
        store.accounts().save(Sample.CA, new StoredAccount(Sample.key(), Optional.of(Sample.CA.resolve("/account/1"))));
        Path file = folder.resolve("store/accounts").resolve(files("accounts").getFirst());
        Files.writeString(file, Files.readString(file).replace("/directory", "/elsewhere"));

        assertThatThrownBy(() -> store.accounts().find(Sample.CA))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("another CA");
    }

    @Test
    void unusualCaDirectoriesGetSafeFileNames() throws Exception {
        for (String unusual : List.of(
                "https://ca.example.org:14000/" + "a".repeat(3000),
                "https://ca.example.org/../../../etc/passwd",
                "https://ca.example.org",
                "urn:ca",
                "https://[::1]:14000/dir?a=/b")) {
            StoredAccount account = new StoredAccount(Sample.key(), Optional.of(Sample.CA.resolve("/account/1")));
            store.accounts().save(URI.create(unusual), account);
            assertSame(store.accounts().find(URI.create(unusual)), account);
        }
        assertThat(files("accounts")).hasSize(5).allMatch(name -> name.length() < 150 && !name.startsWith("."));
    }

    private static void assertSame(Optional<StoredAccount> read, StoredAccount account) {
        assertThat(read.orElseThrow().url()).isEqualTo(account.url());
        assertThat(Pem.write(read.orElseThrow().key())).isEqualTo(Pem.write(account.key()));
    }

    private List<String> files(String directory) throws Exception {
        try (Stream<Path> files = Files.list(folder.resolve("store").resolve(directory))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
