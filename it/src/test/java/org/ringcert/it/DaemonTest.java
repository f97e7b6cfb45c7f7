package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.front.Front;
import org.ringcert.daemon.front.FrontListener;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.handoff.HandoffListener;
import org.ringcert.store.CertificateVersion;

/** {@code ringcert run} as a process: how it starts and ends, and its files. */
@UsesPebble
class DaemonTest {

    private static final String SITE = "www.example.org";

    @TempDir
    private Path folder;

    @Test
    void exitsIfItsPortIsTakenAndNamesTheProcessThatHasIt() throws Exception {
        try (Testbed testbed = Testbed.start(folder, 1, SITE);
                ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(
                    testbed.cluster().address(0), testbed.ca().httpPort()));

            String output = testbed.runCommand(0, 1, "run");

            assertThat(output)
                    .contains("cannot listen on", String.valueOf(testbed.ca().httpPort()))
                    .contains("pid " + ProcessHandle.current().pid(), "ringcert web")
                    .doesNotContain("Exception");
            assertThat(CaLog.of(testbed.ca()).accounts()).isZero();
        }
    }

    /** The challenges are served by this JVM, so the CA's result does not depend on when the daemon ends. */
    @Test
    void nextDaemonResumesAnOrderThatSigtermInterrupted() throws Exception {
        UnaryOperator<PebbleOptions> slow = options -> options.withValidationDelay(Duration.ofSeconds(8));
        try (Testbed testbed = Testbed.start(folder, PebbleRelease.INSTALLED, slow, 1, SITE)) {
            LocalNode node = new LocalNode(
                    ConfigurationLoader.load(testbed.cluster().configuration())
                            .withStore(testbed.cluster().store(0)),
                    testbed.cluster().node(0));
            testbed.editConfiguration(text -> text.replaceFirst("listen = .*", "listen = []"));
            try (Front _ = node.startFront(HandoffListener.NONE, FrontListener.NONE)) {
                ChildProcess first = testbed.startDaemon(0);
                first.awaitLine(line -> line.contains("answers for"), Testbed.TIMEOUT);
                first.terminate();
                assertThat(first.awaitExit(Testbed.TIMEOUT)).isZero();
                assertThat(first.output()).contains("ended").doesNotContain("failed");
                List<Path> challenges = challenges(testbed);
                assertThat(challenges).hasSize(1);

                ChildProcess second = testbed.cluster().command(0, folder.resolve("second"), "run");
                second.awaitLine(line -> line.contains("resumes order"), Testbed.TIMEOUT);
                second.awaitLine(line -> line.contains("next renewal"), Testbed.TIMEOUT);
                assertThat(challenges(testbed)).isEqualTo(challenges);
                second.terminate();
                assertThat(second.awaitExit(Testbed.TIMEOUT)).isZero();
            }
            StoredVersion.verified(testbed, 0, 0);
            assertThat(CaLog.of(testbed.ca()).orders()).isEqualTo(1);
            assertThat(CaLog.of(testbed.ca()).failedValidations()).isEmpty();
        }
    }

    @Test
    void sigtermStopsItWhileTheCaDoesNotAnswer() throws Exception {
        try (Testbed testbed = Testbed.start(folder, 1, SITE);
                ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            testbed.editConfiguration(text -> text.replace(
                    testbed.ca().directory().toString(), "http://127.0.0.1:" + silent.getLocalPort() + "/dir"));
            ChildProcess daemon = testbed.startDaemon(0);
            try (Socket _ = silent.accept()) {
                daemon.terminate();
                assertThat(daemon.awaitExit(Testbed.TIMEOUT)).isZero();
            }
            assertThat(daemon.output()).contains("ended").doesNotContain("failed");
        }
    }

    @Test
    void otherUsersCanReadCertificatesAndChallengesButNotKeys() throws Exception {
        try (Testbed testbed = Testbed.start(folder, 1, SITE)) {
            ChildProcess daemon = testbed.startDaemon(0);
            daemon.awaitLine(line -> line.contains("next renewal"), Testbed.TIMEOUT);

            Path store = testbed.cluster().store(0);
            CertificateVersion version = StoredVersion.verified(testbed, 0, 0);
            assertThat(mode(store)).isEqualTo("rwx--x--x");
            for (String file : List.of("privkey.pem", "combined.pem")) {
                assertThat(mode(version.directory().resolve(file))).as(file).isEqualTo("rw-------");
            }
            for (String file : List.of("fullchain.pem", "cert.pem", "chain.pem")) {
                assertThat(mode(version.directory().resolve(file))).as(file).isEqualTo("rw-r--r--");
            }
            for (Path readable : List.of(
                    store.resolve("certs"),
                    store.resolve("challenges"),
                    store.resolve("versions"),
                    store.resolve("versions/" + SITE),
                    version.directory())) {
                assertThat(mode(readable)).as(readable.toString()).isEqualTo("rwxr-xr-x");
            }
            for (String restricted : List.of("accounts", "orders")) {
                assertThat(mode(store.resolve(restricted))).as(restricted).isEqualTo("rwx------");
                try (Stream<Path> files = Files.list(store.resolve(restricted))) {
                    for (Path file : files.toList()) {
                        assertThat(mode(file)).as(file.toString()).isEqualTo("rw-------");
                    }
                }
            }
            assertThat(challenges(testbed)).hasSize(1);
            assertThat(mode(challenges(testbed).getFirst())).isEqualTo("rw-r--r--");
            assertThat(store.resolve("certs/" + SITE).toRealPath())
                    .isEqualTo(version.directory().toRealPath());
        }
    }

    private static List<Path> challenges(Testbed testbed) throws IOException {
        try (Stream<Path> files = Files.list(testbed.cluster().store(0).resolve("challenges"))) {
            return files.sorted().toList();
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
