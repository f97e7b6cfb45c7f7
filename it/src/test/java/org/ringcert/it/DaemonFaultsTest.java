package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.NodeProcess;
import org.ringcert.store.Store;

/** A daemon with a wrong clock, with a store that cannot be written, or while another command hangs. */
@UsesPebble
class DaemonFaultsTest {

    private static final HostName WWW = new HostName("www.example.org");

    @TempDir
    private Path folder;

    private Testbed testbed() throws Exception {
        return Testbed.start(folder, 1, WWW.value());
    }

    private static void reload(ChildProcess daemon) throws Exception {
        int before = daemon.output().length();
        daemon.signal("HUP");
        await().atMost(Testbed.TIMEOUT)
                .until(() -> daemon.output().substring(before).contains("reloaded the configuration"));
    }

    private static List<String> command(Testbed testbed, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--config", testbed.cluster().configuration().toString(),
                "--node", testbed.cluster().node(0).value(),
                "--store", testbed.cluster().store(0).toString()));
        return NodeProcess.java(List.of(), "org.ringcert.daemon.cli.Ringcert", all);
    }

    /** Returns environment variables that set a process's clock 65 days ahead. */
    private static Map<String, String> clockAhead() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("/usr/lib"))) {
            Optional<Path> library = folders.map(folder -> folder.resolve("faketime/libfaketime.so.1"))
                    .filter(Files::exists)
                    .findFirst();
            assumeTrue(library.isPresent(), "faketime is not installed");
            return Map.of("LD_PRELOAD", library.orElseThrow().toString(), "FAKETIME", "+65d");
        }
    }

    @Test
    void aClockThatIsAheadIsReportedAndNothingIsOrdered() throws Exception {
        Map<String, String> environment = clockAhead();
        try (Testbed testbed = testbed();
                ChildProcess daemon =
                        ChildProcess.start("ahead", command(testbed, "run"), environment, folder.resolve("ahead"))) {
            daemon.awaitLine(line -> line.contains("more than a day apart"), Testbed.TIMEOUT);
            reload(daemon);
            assertThat(CaLog.of(testbed.ca()).orders()).isZero();

            try (ChildProcess status =
                    ChildProcess.start("status", command(testbed, "status"), environment, folder.resolve("status"))) {
                assertThat(status.awaitExit(Testbed.TIMEOUT)).isEqualTo(1);
                assertThat(status.output()).contains("more than a day apart", "`timedatectl`");
            }
            daemon.terminate();
            daemon.awaitExit(Testbed.TIMEOUT);

            ChildProcess corrected = testbed.startDaemon(0);
            corrected.awaitLine(line -> line.contains("renewed"), Testbed.TIMEOUT);
            assertThat(CaLog.of(testbed.ca()).orders()).isEqualTo(1);
            assertThat(testbed.runCommand(0, 0, "status")).contains("good");
        }
    }

    @Test
    void aStoreThatCannotBeWrittenIsReportedAndCausesNoOrder() throws Exception {
        try (Testbed testbed = testbed()) {
            ChildProcess daemon = testbed.startDaemon(0);
            daemon.awaitLine(line -> line.contains("next renewal"), Testbed.TIMEOUT);
            Path orders = testbed.cluster().store(0).resolve("orders");
            assumeTrue(chattr("+i", orders), "chattr +i does not work here");
            try {
                testbed.editConfiguration(text -> text.replace("agree-to-terms", "key = \"ec384\"\nagree-to-terms"));
                reload(daemon);
                daemon.awaitLine(line -> line.contains("failed, next try") && line.contains("orders"), Testbed.TIMEOUT);
                reload(daemon);
                assertThat(CaLog.of(testbed.ca()).orders()).isEqualTo(1);
                assertThat(testbed.runCommand(0, 1, "status"))
                        .contains("The store cannot be written", orders.toString());
            } finally {
                chattr("-i", orders);
            }
            int before = daemon.output().length();
            reload(daemon);
            await().atMost(Testbed.TIMEOUT)
                    .until(() -> daemon.output().substring(before).contains("installed a new certificate"));
            assertThat(CaLog.of(testbed.ca()).orders()).isEqualTo(2);
        }
    }

    @Test
    void logsAHangingCommandOnce() throws Exception {
        try (Testbed testbed = testbed()) {
            Store store = Store.open(testbed.cluster().store(0), Clock.systemUTC());
            try (Store.Lock _ = store.tryLock(WWW).orElseThrow()) {
                ChildProcess daemon = testbed.startDaemon(0);
                daemon.awaitLine(line -> line.contains("another command is working on it"), Testbed.TIMEOUT);
                for (int i = 0; i < 3; i++) {
                    reload(daemon);
                }
                assertThat(daemon.output().lines().filter(line -> line.contains("another command is working")))
                        .hasSize(1);
                assertThat(testbed.runCommand(0, 1, "status", "--json")).contains("inWorkSince");
            }
        }
    }

    private static boolean chattr(String change, Path file) throws Exception {
        return Files.isExecutable(Path.of("/usr/bin/chattr"))
                && new ProcessBuilder("chattr", change, file.toString())
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
    }
}
