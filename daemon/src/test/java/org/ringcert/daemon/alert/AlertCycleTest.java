package org.ringcert.daemon.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.RecordedLog;
import org.ringcert.daemon.process.CommandRunner;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** Rounds with real processes and a clock of their own. */
@Timeout(120)
class AlertCycleTest {

    private static final HostName SELF = new HostName("web0.example.org");
    private static final HostName WEB1 = new HostName("web1.example.org");
    private static final Instant START = Instant.parse("2026-11-23T10:15:00Z");

    @TempDir
    private Path folder;

    private Store store;
    private Instant now = START;
    private AlertCycle cycle;

    @BeforeEach
    void open() throws StoreException {
        store = Store.open(folder.resolve("store"), Clock.systemUTC());
        cycle = cycle(Duration.ofSeconds(60));
    }

    private AlertCycle cycle(Duration timeout) {
        CommandRunner runner = new CommandRunner("The [alert] command", store.certificates(), timeout);
        return new AlertCycle(store.alerts(), new AlertMessenger(runner), () -> now);
    }

    private Condition silent() {
        return new Condition(
                new Condition.Subject(AlertKind.SILENT, WEB1, Optional.empty(), ""),
                "web1 is silent. Start it.",
                Duration.ZERO,
                now);
    }

    private void run(List<String> command, Condition... conditions) {
        cycle.run(SELF, new Survey(Arrays.asList(conditions), Set.of()), command);
    }

    private List<String> shell(String script) {
        return List.of("/bin/sh", "-c", script, folder.toString());
    }

    /** Returns a command that appends what it was told. */
    private List<String> record() {
        return shell("echo \"$RINGCERT_ALERT|$RINGCERT_ALERT_ID|$RINGCERT_KIND|$RINGCERT_NODE|$RINGCERT_ABOUT_NODE|"
                + "$RINGCERT_SITE|$RINGCERT_TEXT|$RINGCERT_SINCE\" >>\"$0/told\"");
    }

    private String told() throws IOException {
        Path file = folder.resolve("told");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    @Test
    void theCommandIsToldOnceThatItBeginsAndOnceThatItEnds() throws Exception {
        run(record(), silent());
        now = now.plusSeconds(60);
        run(record(), silent());
        now = now.plusSeconds(60);
        run(record());
        run(record());
        String rest = "|silent:web1.example.org|silent|web0.example.org|web1.example.org||web1 is silent. Start it.|"
                + START + "\n";
        assertThat(told()).isEqualTo("begin" + rest + "end" + rest);
    }

    @Test
    void aRestartTellsNothingAgainAndStillTellsTheEnd() throws Exception {
        run(record(), silent());
        cycle = cycle(Duration.ofSeconds(60));
        run(record(), silent());
        assertThat(told().lines()).hasSize(1);
        cycle = cycle(Duration.ofSeconds(60));
        run(record());
        assertThat(told().lines()).hasSize(2).last().asString().startsWith("end|");
        Path file = store.directory().resolve("alerts.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).doesNotContain("web1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"alerts\":7}",
                "{\"alerts\":[{}]}",
                "{\"alerts\":[{\"kind\":\"silent\",\"node\":\"a\u0000\",\"part\":\"\",\"text\":7}]}",
                "{\"alerts\":[null]}"
            })
    void aDamagedFileIsPutAside(String damaged) throws Exception {
        Path file = store.directory().resolve("alerts.json");
        Files.writeString(file, damaged);
        cycle = cycle(Duration.ofSeconds(60));
        run(record(), silent());
        assertThat(told().lines()).hasSize(1);
        assertThat(store.directory().resolve("alerts.json.damaged")).hasContent(damaged);
        assertThat(Files.readString(file)).contains("web1.example.org");
    }

    @Test
    void aHangingCommandIsKilledWithItsDescendantsAndTriedAgain() throws Exception {
        cycle = cycle(Duration.ofMillis(700));
        List<String> hangs = shell("sleep 1000 & echo $! >\"$0/child\"; echo run >>\"$0/told\"; wait");
        run(hangs, silent());
        long child = Long.parseLong(Files.readString(folder.resolve("child")).strip());
        await().until(() ->
                ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
        run(hangs, silent());
        assertThat(told()).isEqualTo("run\n");
        now = now.plus(Duration.ofMinutes(1));
        run(hangs, silent());
        assertThat(told()).isEqualTo("run\nrun\n");
    }

    @Test
    void aFailingCommandIsTriedAgainAfterOneTenAndAHundredMinutesThenDaily() throws Exception {
        List<String> fails = shell("echo run >>\"$0/told\"; yes | head -c 1000000; exit 3");
        run(fails, silent());
        int runs = 1;
        for (Duration wait : List.of(
                Duration.ofMinutes(1),
                Duration.ofMinutes(10),
                Duration.ofMinutes(100),
                Duration.ofDays(1),
                Duration.ofDays(1))) {
            now = now.plus(wait).minusSeconds(1);
            run(fails, silent());
            assertThat(told().lines()).as("before %s", wait).hasSize(runs);
            now = now.plusSeconds(1);
            run(fails, silent());
            assertThat(told().lines()).as("after %s", wait).hasSize(++runs);
        }
        run(record(), silent());
        assertThat(told()).as("another command is tried at once").contains("begin|");
    }

    @Test
    void aCommandThatIsMissingOrNotExecutableStopsNothing() throws Exception {
        Path plain = Files.writeString(folder.resolve("plain"), "#!/bin/sh\n");
        for (List<String> command : List.of(List.of("/nowhere/page"), List.of(plain.toString()))) {
            cycle.prepare(command);
            run(command, silent());
        }
        run(record(), silent());
        assertThat(told().lines()).hasSize(1);
    }

    @Test
    void withoutACommandNothingWaitsAndALaterOneHearsWhatIsStillWrong() throws Exception {
        Condition other = new Condition(
                new Condition.Subject(AlertKind.STORE, SELF, Optional.empty(), ""), "full", Duration.ZERO, now);
        run(List.of(), silent(), other);
        run(List.of(), silent());
        run(record(), silent());
        assertThat(told().lines()).singleElement().asString().startsWith("begin|silent:");
    }

    @Test
    void takingTheCommandOutDropsAnEndThatWasNotTold() throws Exception {
        run(record(), silent());
        run(List.of());
        run(record());
        assertThat(told().lines()).hasSize(1);
    }

    @Test
    void anUnwritableStoreStopsNothing() throws Exception {
        Files.createDirectory(store.directory().resolve("alerts.json"));
        Files.writeString(store.directory().resolve("alerts.json").resolve("x"), "");
        cycle = cycle(Duration.ofSeconds(60));
        run(record(), silent());
        assertThat(told().lines()).hasSize(1);
    }

    @Test
    void aCommandThatFailsAgainAfterItHasWorkedIsTriedAgainAfterAMinute() throws Exception {
        List<String> command = shell("echo run >>\"$0/told\"; [ -e \"$0/works\" ]");
        run(command, silent());
        now = now.plus(Duration.ofMinutes(1));
        Path works = Files.createFile(folder.resolve("works"));
        run(command, silent());
        Files.delete(works);
        run(command);
        assertThat(told().lines()).hasSize(3);
        now = now.plus(Duration.ofMinutes(1));
        run(command);
        assertThat(told().lines()).hasSize(4);
    }

    @Test
    void aFailingCommandIsLoggedOnceAndOnceMoreWhenItWorks() throws Exception {
        List<String> command = shell("[ -e \"$0/works\" ]");
        try (RecordedLog log = new RecordedLog("ringcert.alert")) {
            run(command, silent());
            now = now.plus(Duration.ofMinutes(1));
            run(command, silent());
            Files.createFile(folder.resolve("works"));
            now = now.plus(Duration.ofMinutes(10));
            run(command, silent());
            assertThat(log.messages())
                    .filteredOn(message -> message.startsWith("an alert may have reached nobody; "))
                    .singleElement()
                    .asString()
                    .contains(" tried again at 2026-11-23T10:16:00Z, then ", " failed with status 1.")
                    .doesNotContain("nobody was told");
            assertThat(log.messages()).endsWith("the [alert] command works again");
        }
    }

    @Test
    void failuresOfAnotherCommandDoNotCount() throws Exception {
        run(shell("exit 3"), silent());
        List<String> other = shell("echo run >>\"$0/told\"; exit 4");
        run(other, silent());
        now = now.plus(Duration.ofMinutes(1));
        run(other, silent());
        assertThat(told().lines()).hasSize(2);
    }

    @Test
    void aClockThatWasAheadDelaysNoAttempt() throws Exception {
        List<String> fails = shell("echo run >>\"$0/told\"; exit 3");
        run(fails, silent());
        now = now.minus(Duration.ofDays(30));
        run(fails, silent());
        assertThat(told().lines()).hasSize(2);
    }

    @Test
    void theBeginningIsToldInWholeSeconds() {
        AlertChange change = new AlertChange(AlertChange.Phase.BEGIN, silent(), START.plusNanos(123_456_789));
        assertThat(change.environment(SELF)).containsEntry("RINGCERT_SINCE", "2026-11-23T10:15:00Z");
    }
}
