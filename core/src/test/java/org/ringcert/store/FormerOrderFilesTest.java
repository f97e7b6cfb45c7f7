package org.ringcert.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;

/** The files in {@code orders/} as Ringcert 0.1.0 wrote them, and what it can read of those of today. */
class FormerOrderFilesTest {

    private static final URI OTHER_CA = URI.create("https://other.example.net/directory");
    private static final String FAILURE = """
            "failure": {
              "times": 3,
              "last": "2026-11-23T10:14:00Z",
              "next": "2026-11-23T11:54:00Z",
              "reason": "no route",
              "issued": false
            }
            """;

    @TempDir
    private Path folder;

    private Store store;
    private Path orders;
    private Path file;
    private Path keyFile;

    @BeforeEach
    void open() throws StoreException {
        store = Store.open(folder.resolve("store"), Clock.fixed(Sample.NOW, ZoneOffset.UTC));
        orders = folder.resolve("store/orders");
        file = orders.resolve("www.example.org.json");
        keyFile = orders.resolve("www.example.org.key");
    }

    private Progress read(String... parts) throws Exception {
        Files.writeString(file, "{" + String.join(",", parts) + "}");
        return store.progress(CertificateName.first(Sample.SITE));
    }

    private static String orderWithKey(boolean hasKey) {
        return """
            "order": {
              "directory": "https://ca.example.org/directory",
              "account": "https://ca.example.org/account/7",
              "order": "https://ca.example.org/order/9",
              "finalize": "https://ca.example.org/order/9/finalize",
              "names": ["www.example.org", "example.org"],
              "profile": "tlsserver",
              "keyType": "ec256",
              "hasKey": %s,
              "since": "2026-11-23T10:10:00Z"
            }
            """.formatted(hasKey);
    }

    @Test
    void readsAnOrderWithoutKeyForItsCa() throws Exception {
        AuthorityProgress authority =
                read("\"spoiled\": []", orderWithKey(false)).at(Sample.CA);

        assertThat(authority.order())
                .contains(new Progress.PendingOrder(
                        URI.create("https://ca.example.org/account/7"),
                        URI.create("https://ca.example.org/order/9"),
                        Optional.of(URI.create("https://ca.example.org/order/9/finalize")),
                        List.of(Sample.SITE, new HostName("example.org")),
                        Optional.of("tlsserver"),
                        KeyType.EC256,
                        Optional.empty(),
                        Instant.parse("2026-11-23T10:10:00Z")));
        assertThat(store.progress(CertificateName.first(Sample.SITE))
                        .at(OTHER_CA)
                        .order())
                .isEmpty();
    }

    @Test
    void readsAnOrderWithItsKey() throws Exception {
        KeyPair key = Sample.key();
        Files.writeString(keyFile, Pem.write(key));

        assertThat(keyOf(read("\"spoiled\": []", orderWithKey(true)))).contains(Pem.write(key));
    }

    private static Optional<String> keyOf(Progress progress) {
        return progress.at(Sample.CA)
                .order()
                .flatMap(Progress.PendingOrder::key)
                .map(Pem::write);
    }

    @Test
    void doesNotUseAKeyFileThatBelongsToNoOrder() throws Exception {
        Files.writeString(keyFile, Pem.write(Sample.key()));

        assertThat(keyOf(read("\"spoiled\": []", orderWithKey(false)))).isEmpty();
    }

    @Test
    void namesTheMissingOrDamagedKeyFileAndTheRemedy() throws Exception {
        assertThatThrownBy(() -> read("\"spoiled\": []", orderWithKey(true)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(keyFile + " is missing")
                .hasMessageContaining("delete " + file);
        for (String damaged : List.of("", "no key", Pem.write(KeyType.EC384.generate(new SecureRandom())))) {
            Files.writeString(keyFile, damaged);
            assertThatThrownBy(() -> store.progress(CertificateName.first(Sample.SITE)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(keyFile.toString());
        }
    }

    @Test
    void theKeyFileIsDeletedOnlyAfterTheNewFileIsWritten() throws Exception {
        KeyPair key = Sample.key();
        Files.writeString(keyFile, Pem.write(key));
        Progress progress = read("\"spoiled\": []", orderWithKey(true));
        Path obstacle = Files.createDirectories(orders.resolve(".tmp-www.example.org.json/in the way"));

        assertThatThrownBy(() -> store.saveProgress(CertificateName.first(Sample.SITE), progress))
                .isInstanceOf(StoreException.class);
        assertThat(keyOf(store.progress(CertificateName.first(Sample.SITE)))).contains(Pem.write(key));

        Files.delete(obstacle);
        Files.delete(obstacle.getParent());
        store.saveProgress(CertificateName.first(Sample.SITE), progress);
        assertThat(keyFile).doesNotExist();
        assertThat(keyOf(store.progress(CertificateName.first(Sample.SITE)))).contains(Pem.write(key));
    }

    /** It is written again before an order, to see whether the disk works. */
    @Test
    void aFileThatIsOnlyWrittenAgainKeepsTheKey() throws Exception {
        KeyPair key = Sample.key();
        Files.writeString(keyFile, Pem.write(key));
        Progress _ = read("\"spoiled\": []", orderWithKey(true));

        store.checkProgressWritable(CertificateName.first(Sample.SITE));

        assertThat(keyOf(store.progress(CertificateName.first(Sample.SITE)))).contains(Pem.write(key));
    }

    @Test
    void aFailureWithoutAnOrderCountsForTheCaThatIsAskedFirst() throws Exception {
        Progress progress = read("\"spoiled\": [\"2026-11-23T10:05:00Z\", \"2026-11-23T10:14:00Z\"]", FAILURE);

        AuthorityProgress authority = progress.at(Sample.CA);
        assertThat(authority.failure())
                .contains(new Progress.Failure(
                        3, Instant.parse("2026-11-23T10:14:00Z"), Instant.parse("2026-11-23T11:54:00Z"), "no route"));
        assertThat(authority.failedOrders())
                .containsExactly(Instant.parse("2026-11-23T10:05:00Z"), Instant.parse("2026-11-23T10:14:00Z"));

        store.saveProgress(CertificateName.first(Sample.SITE), progress.with(authority));
        assertThat(store.progress(CertificateName.first(Sample.SITE)).at(Sample.CA))
                .isEqualTo(authority);
        assertThat(store.progress(CertificateName.first(Sample.SITE))
                        .at(OTHER_CA)
                        .failure())
                .as("it has been given to the first")
                .isEmpty();
    }

    @Test
    void aFailureWithAnOrderCountsForTheCaOfTheOrder() throws Exception {
        Progress progress = read("\"spoiled\": []", orderWithKey(false), FAILURE);

        assertThat(progress.at(Sample.CA).failure()).isPresent();
        assertThat(progress.at(OTHER_CA).failure()).isEmpty();
    }

    @Test
    void readsWhatIsStillToBeDeployedOrSeen() throws Exception {
        String task = "{\"failures\": 2, \"last\": \"2026-11-23T10:14:00Z\", \"next\": \"2026-11-23T10:24:00Z\","
                + " \"reason\": \"exit status 1\"}";
        Progress.PendingTask expected = new Progress.PendingTask(
                2, Instant.parse("2026-11-23T10:14:00Z"), Instant.parse("2026-11-23T10:24:00Z"), "exit status 1");

        assertThat(read("\"spoiled\": []", "\"undeployed\": " + task).rollout())
                .contains(new PendingRollout.Undeployed(expected));
        assertThat(read("\"spoiled\": []", "\"unserved\": " + task).rollout())
                .contains(new PendingRollout.Unserved(expected));
        assertThat(read("\"spoiled\": []", "\"unserved\": " + task).authorities())
                .isEmpty();
    }

    @Test
    void aDeploymentWithoutTheTimeOfItsLastAttemptIsDue() throws Exception {
        assertThat(read(
                                "\"spoiled\": []",
                                "\"undeployed\": {\"failures\": 2, \"next\": \"2026-11-24T10:15:00Z\", \"reason\": \"no\"}")
                        .rollout())
                .contains(new PendingRollout.Undeployed(Progress.PendingTask.from(Sample.NOW)));
    }

    /** Version 0.1.0 requires "spoiled", and reads what is to be deployed or seen where it wrote it itself. */
    @Test
    void theNewFileHasWhatTheFormerVersionNeeds() throws Exception {
        Instant recent = Sample.NOW.minus(Duration.ofMinutes(5));
        Progress progress = Progress.NONE
                .with(Progress.NONE.at(Sample.CA).withFailedOrder(Sample.NOW))
                .with(Progress.NONE.at(OTHER_CA).withFailedOrder(recent))
                .withRollout(new PendingRollout.Unserved(Progress.PendingTask.from(Sample.NOW)));
        store.saveProgress(CertificateName.first(Sample.SITE), progress);
        StoredJson json = StoredJson.parse(Files.readString(file));

        assertThat(json.instants("spoiled")).as("of both CAs").containsExactly(recent, Sample.NOW);
        assertThat(json.object("unserved").orElseThrow().integer("failures", 0)).isZero();
        assertThat(json.object("unserved").orElseThrow().string("next")).isEqualTo(Sample.NOW.toString());
        assertThat(json.has("order")).isFalse();
        assertThat(json.has("failure")).isFalse();

        store.saveProgress(CertificateName.first(Sample.SITE), progress.installed(Sample.CA, Sample.NOW));
        json = StoredJson.parse(Files.readString(file));
        assertThat(json.instants("spoiled")).as("of the other CA").containsExactly(recent);
        assertThat(json.object("undeployed").orElseThrow().string("reason")).isEmpty();
    }

    @Test
    void refusesANewFileWithAnIncompleteEntryAndNamesTheRemedy() throws Exception {
        for (String authorities : List.of("{}", "[7]", "[{}]", "[{\"directory\": \"https://ca.example.org/\"}]")) {
            assertThatThrownBy(() -> read("\"spoiled\": []", "\"authorities\": " + authorities))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("delete " + file);
        }
    }
}
