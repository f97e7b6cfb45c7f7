package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.LocalCluster;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.demo.TestCa;

/** SIGHUP makes a running daemon take over a new configuration, or reject it. */
@UsesPebble
class ConfigurationReloadTest {

    private static final HostName SHOP = new HostName("shop.example.org");

    @TempDir
    private Path folder;

    private static void reload(Testbed testbed, ChildProcess daemon, UnaryOperator<String> change, String expected)
            throws Exception {
        int before = daemon.output().length();
        testbed.editConfiguration(change);
        daemon.signal("HUP");
        await().atMost(Testbed.TIMEOUT)
                .until(() -> daemon.output().substring(before).contains(expected));
    }

    @Test
    void appliesAValidFileAndRejectsAnInvalidOneDuringAnOrder() throws Exception {
        UnaryOperator<PebbleOptions> slow = options -> options.withValidationDelay(Duration.ofSeconds(4));
        try (Testbed testbed = Testbed.start(folder, PebbleRelease.INSTALLED, slow, 1, "www.example.org")) {
            testbed.ca().setAddress(SHOP, testbed.cluster().address(0));
            Path deployed = folder.resolve("deployed");
            ChildProcess daemon = testbed.startDaemon(0);
            daemon.awaitLine(line -> line.contains("answers for"), Testbed.TIMEOUT);
            testbed.ca().pause();

            String good = Files.readString(testbed.cluster().configuration());
            reload(testbed, daemon, text -> text + "watch = \"never\"\n[stroe]\n", "did you mean [store]?");
            assertThat(daemon.output()).contains("stays in force", "`watch`, \"never\"");
            reload(
                    testbed,
                    daemon,
                    _ -> good + """
                            [[site]]
                            names = ["shop.example.org"]
                            [[node]]
                            name = "web1.example.org"
                            address = "127.0.0.1"
                            port = 1
                            [deploy]
                            run = ["/bin/sh", "-c", 'echo "$RINGCERT_SITES" >>%s']
                            """.formatted(deployed),
                    "shop.example.org is new; the servers changed from [web0.example.org] to [web0.example.org, web1.example.org]");
            testbed.ca().resume();

            for (String site : new String[] {"www.example.org", "shop.example.org"}) {
                daemon.awaitLine(line -> line.contains(site + ": installed a new certificate"), Testbed.TIMEOUT);
                await().atMost(Testbed.TIMEOUT)
                        .until(() -> Files.exists(deployed)
                                && Files.readString(deployed).contains(site));
            }
            assertThat(testbed.runCommand(0, 0, "status")).doesNotContain("SEE BELOW");
            assertThat(CaLog.of(testbed.ca()).orders()).isEqualTo(2);
            assertThat(CaLog.of(testbed.ca()).failedValidations()).isEmpty();
            assertThat(daemon.output()).doesNotContain("failed");

            reload(
                    testbed,
                    daemon,
                    text -> text.replace("\"www.example.org\"", "\"blog.example.org\"")
                            .replaceFirst("listen = .*", "listen = [\"127.0.0.1:1\"]")
                            .replaceFirst("admin = .*", "admin = \"127.0.0.1:2\""),
                    "www.example.org is no longer renewed; its files stay");
            for (String needsRestart : List.of(
                    "`listen` changed",
                    "the address of the admin server changed from "
                            + testbed.cluster().adminAddress(0) + " to 127.0.0.1:2")) {
                daemon.awaitLine(
                        line -> line.contains("WARN")
                                && line.contains(needsRestart)
                                && line.contains("restart to apply that"),
                        Testbed.TIMEOUT);
            }
            assertThat(NodeResponse.getChallenge(testbed, 0, Tokens.unknown()).status())
                    .isEqualTo(404);
            assertThat(testbed.runCommand(0, 1, "status"))
                    .contains("No longer in the configuration", "www.example.org");
            assertThat(Certificates.verified(testbed, 0, 0)).isNotNull();

            try (TestCa other = TestCa.start(
                    PebbleRelease.INSTALLED.binaries(),
                    PebbleOptions.on(LocalCluster.loopback(1))
                            .withHttpPort(testbed.ca().httpPort()))) {
                other.setAddress(SHOP, testbed.cluster().address(0));
                reload(
                        testbed,
                        daemon,
                        text -> text.replace(
                                        testbed.ca().directory().toString(),
                                        other.directory().toString())
                                .replace(
                                        testbed.ca().caFile().toString(),
                                        other.caFile().toString()),
                        "the CA changed from " + testbed.ca().directory() + " to " + other.directory());
                await().atMost(Testbed.TIMEOUT).until(() -> CaLog.of(other).certificates() == 1);
            }
            daemon.terminate();
            assertThat(daemon.awaitExit(Testbed.TIMEOUT)).isZero();
        }
    }
}
