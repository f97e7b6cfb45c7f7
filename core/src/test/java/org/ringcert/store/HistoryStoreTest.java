package org.ringcert.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.store.HistoryEvent.Hop;
import org.ringcert.store.HistoryEvent.Issued;

class HistoryStoreTest {

    private static final HostName SITE = new HostName("www.example.org");
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final URI CA = URI.create("https://ca.example.org/directory");

    @TempDir
    private Path directory;

    private HistoryStore history;
    private Path file;

    @BeforeEach
    void open() throws StoreException {
        history = Store.open(directory, Clock.systemUTC()).history();
        file = directory.resolve("history/www.example.org.jsonl");
    }

    @Test
    void returnsWhatWasAppendedWithAllItsFields() throws Exception {
        HistoryEvent validated = new HistoryEvent(
                NOW,
                CertificateName.of("www.example.org+rsa"),
                HistoryEventType.VALIDATED,
                Optional.of(CA),
                Optional.of(SITE),
                "it says \"no\"",
                List.of(
                        new Hop("http://www.example.org/.well-known/acme-challenge/x", "192.0.2.1", ""),
                        new Hop("", "203.0.113.9", "held")),
                Optional.empty());
        HistoryEvent installed = new HistoryEvent(
                NOW,
                CertificateName.first(SITE),
                HistoryEventType.INSTALLED,
                Optional.of(CA),
                Optional.empty(),
                "",
                List.of(),
                Optional.of(new Issued("3a5f", "CN=R12,O=Let's Encrypt,C=US", NOW.plusSeconds(1000))));
        history.append(validated);
        history.append(installed);
        assertThat(history.read(SITE)).containsExactly(validated, installed);
        assertThat(Files.readAllLines(file)).as("a line for each event").hasSize(2);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void returnsTheLatestFifty() throws StoreException {
        for (int i = 0; i < 60; i++) {
            history.append(event("event " + i));
        }
        assertThat(history.read(SITE))
                .extracting(HistoryEvent::text)
                .hasSize(50)
                .startsWith("event 10")
                .endsWith("event 59");
    }

    @Test
    void staysSmallWhateverIsAppended() throws Exception {
        String longText = "x".repeat(5_000);
        for (int i = 0; i < 200; i++) {
            history.append(event(i + longText));
            assertThat(Files.size(file)).isLessThan(140_000);
        }
        assertThat(history.read(SITE))
                .last()
                .satisfies(last -> assertThat(last.text())
                        .startsWith("199x")
                        .endsWith("x...")
                        .hasSize(2_003));
    }

    @Test
    void aSiteWithoutEventsHasAnEmptyHistory() throws StoreException {
        assertThat(history.read(SITE)).isEmpty();
        assertThat(Store.inspect(directory.resolve("missing"), Clock.systemUTC())
                        .history()
                        .read(SITE))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage\nmore of it\n", "{}", "\u0000\u0001\n"})
    void aFileWithoutAnEventCannotBeRead(String content) throws Exception {
        history.append(event("good"));
        Files.writeString(file, content);

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> history.read(SITE))
                .withMessageContainingAll(file.toString(), "move it away");

        history.append(event("the next"));
        assertThat(history.read(SITE)).extracting(HistoryEvent::text).containsExactly("the next");
    }

    @Test
    void aLargeFileOfOneLineCannotBeRead() throws Exception {
        history.append(event("good"));
        Files.writeString(file, "x".repeat(300_000));

        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> history.read(SITE));
    }

    @Test
    void anEmptyFileIsAnEmptyHistory() throws Exception {
        history.append(event("good"));
        Files.writeString(file, "");

        assertThat(history.read(SITE)).isEmpty();
    }

    @Test
    void skipsDamagedLines() throws Exception {
        history.append(event("good"));
        Files.writeString(file, """
                {"time":"2026-11-24T12:00:00Z","certificate":"www.example.org","event":"from-the-future"}
                []
                \u0000\u0001\u001b[31m
                {"time":"yesterday","certificate":"www.example.org","event":"failed"}
                {"time":"2026-11-24T12:00:00Z","certificate":"../../etc","event":"failed"}
                {"time":"2026-11-24T12:00:00Z","certificate":"www.example.org","event":"failed","hops":7}
                {"time":"2026-11-24T12:00:00Z","certificate":"www.example.org","event":"failed","text":"a\\u001b[2J\\u202eb"}
                {"time":"2026-11-24T12:00""", StandardOpenOption.APPEND);
        history.append(event("after the half line"));
        assertThat(history.read(SITE))
                .extracting(HistoryEvent::text)
                .containsExactly("good", "a [2J b", "after the half line");
    }

    @Test
    void readsTheEndOfAHugeFile() throws Exception {
        Files.createDirectories(directory.resolve("history"));
        Files.writeString(file, "garbage ".repeat(1 << 17) + "\n");
        history.append(event("last"));
        assertThat(history.read(SITE)).extracting(HistoryEvent::text).containsExactly("last");
        assertThat(Files.size(file)).as("the next event has shortened it").isLessThan(140_000);
    }

    @Test
    void refusesWhatIsNotARegularFile() throws Exception {
        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "");
        Files.createDirectories(directory.resolve("history"));
        Files.createSymbolicLink(file, elsewhere);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> history.append(event("x")))
                .withMessageContaining("is not a regular file");
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> history.read(SITE));
        assertThat(elsewhere).isEmptyFile();
    }

    @Test
    void losesNothingWhenSeveralAppend() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                int number = writer;
                writers.add(threads.submit(() -> {
                    for (int i = 0; i < 10; i++) {
                        history.append(event(number + "-" + i));
                    }
                    return true;
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        assertThat(history.read(SITE))
                .extracting(HistoryEvent::text)
                .doesNotHaveDuplicates()
                .hasSize(40);
    }

    @Test
    void aHistoryOutlivesTheProcess() throws StoreException {
        history.append(event("before"));
        assertThat(Store.inspect(directory, Clock.systemUTC()).history().read(SITE))
                .extracting(HistoryEvent::text)
                .containsExactly("before");
    }

    private static HistoryEvent event(String text) {
        return new HistoryEvent(
                NOW,
                CertificateName.first(SITE),
                HistoryEventType.FAILED,
                Optional.empty(),
                Optional.empty(),
                text,
                List.of(),
                Optional.empty());
    }
}
