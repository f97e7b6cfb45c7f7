package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.demo.ChildProcess;

@UsesPebble
class RenewCommandTest {

    @TempDir
    private Path folder;

    @Test
    void theRunningDaemonAnswersItsChallengesAndIsNotDisturbed() throws Exception {
        try (Testbed testbed = testbed("www.example.org", "shop.example.org")) {
            ChildProcess daemon = testbed.startDaemon(0);
            X509Certificate www = Certificates.await(testbed, 0, 0);
            X509Certificate shop = Certificates.await(testbed, 0, 1);
            for (String site : new String[] {"www", "shop"}) {
                daemon.awaitLine(line -> line.contains(site + ".example.org: renewed, "), Testbed.TIMEOUT);
            }
            String outputBefore = daemon.output();

            assertThat(testbed.runCommand(0, 0, "renew"))
                    .contains("www.example.org: not due, next renewal ")
                    .contains("shop.example.org: not due, next renewal ");
            assertThat(daemon.output()).isEqualTo(outputBefore);

            assertThat(testbed.runCommand(0, 0, "renew", "--force", "www.example.org"))
                    .contains("www.example.org: renewed, valid until ")
                    .doesNotContain("shop.example.org");
            assertThat(Certificates.verified(testbed, 0, 0)).isNotEqualTo(www);
            assertThat(Certificates.verified(testbed, 0, 1)).isEqualTo(shop);
            String newOutput = daemon.output().substring(outputBefore.length());
            assertThat(newOutput.lines()).isNotEmpty().allMatch(line -> line.endsWith(" answer=held"));
            assertThat(daemon.isAlive()).isTrue();
        }
    }

    @Test
    void skipsASiteThatTheDaemonIsWorkingOn() throws Exception {
        try (Testbed testbed = testbed("www.example.org")) {
            testbed.ca().pause();
            testbed.startDaemon(0);
            await().atMost(Testbed.TIMEOUT).until(() -> Files.exists(Certificates.link(testbed, 0, 0)));
            assertThat(testbed.runCommand(0, 0, "renew"))
                    .contains("www.example.org: skipped, the daemon or another command is working on it (process ");
            // With --force a certificate was expected, so this is a failure.
            assertThat(testbed.runCommand(0, 1, "renew", "--force"))
                    .contains("www.example.org: skipped, the daemon or another command is working on it (process ");
            testbed.ca().resume();
            Certificates.await(testbed, 0, 0);
            assertThat(LoggedValidation.all(testbed)).hasSize(1);
        }
    }

    @Test
    void aDaemonStartedDuringARenewalWaitsAndCanBeStopped() throws Exception {
        try (Testbed testbed = testbed("www.example.org")) {
            testbed.ca().pause();
            ChildProcess renew = testbed.cluster().command(0, folder.resolve("renew"), "renew");
            await().atMost(Testbed.TIMEOUT)
                    .ignoreExceptions()
                    .until(() -> NodeResponse.getChallenge(testbed, 0, Tokens.unknown()) != null);

            ChildProcess first = testbed.cluster().run(0);
            first.awaitLine(
                    line -> line.matches(".*`ringcert renew` \\(process [0-9]+, since .*\\) answers on port .*"),
                    Testbed.TIMEOUT);
            first.terminate();
            assertThat(first.awaitExit(Testbed.TIMEOUT)).as(first.output()).isZero();

            ChildProcess daemon = testbed.cluster().command(0, folder.resolve("daemon"), "run");
            daemon.awaitLine(
                    line -> line.matches(".*`ringcert renew` \\(process [0-9]+, since .*\\) answers on port .*"),
                    Testbed.TIMEOUT);
            testbed.ca().resume();
            assertThat(renew.awaitExit(Testbed.TIMEOUT)).as(renew.output()).isZero();
            daemon.awaitLine(line -> line.contains(" answers on 127."), Testbed.TIMEOUT);
            Certificates.verified(testbed, 0, 0);
            assertThat(CaLog.of(testbed.ca()).orders()).isEqualTo(1);
        }
    }

    @Test
    void answersChallengesItselfWithoutADaemonAndDryRunChangesNothing() throws Exception {
        try (Testbed testbed = testbed("www.example.org")) {
            assertThat(testbed.runCommand(0, 0, "renew", "--dry-run"))
                    .contains("www.example.org: would be ordered from ", ": there is no certificate yet");
            assertThat(Certificates.link(testbed, 0, 0)).doesNotExist();
            assertThat(testbed.cluster().store(0)).doesNotExist();

            assertThat(testbed.runCommand(0, 0, "renew", "--prepare"))
                    .contains("www.example.org: has a self-signed certificate", "There is an account at");
            assertThat(Certificates.link(testbed, 0, 0).resolve("privkey.pem")).exists();
            assertThat(CaLog.of(testbed.ca()).accounts()).isEqualTo(1);
            assertThat(CaLog.of(testbed.ca()).orders()).isZero();

            assertThat(testbed.runCommand(0, 0, "renew")).contains("www.example.org: renewed, valid until ");
            X509Certificate first = Certificates.verified(testbed, 0, 0);
            assertThatThrownBy(() -> NodeResponse.getChallenge(testbed, 0, Tokens.unknown()))
                    .isInstanceOf(ConnectException.class);

            assertThat(testbed.runCommand(0, 0, "renew", "--dry-run")).contains("www.example.org: not due until ");
            assertThat(testbed.runCommand(0, 0, "renew", "--dry-run", "--force"))
                    .contains("www.example.org: would be ordered from ", ", though not due until ");
            assertThat(testbed.runCommand(0, 2, "renew", "blog.example.org"))
                    .contains("blog.example.org is not a site");
            assertThat(Certificates.verified(testbed, 0, 0)).isEqualTo(first);
        }
    }

    private Testbed testbed(String... sites) throws IOException {
        return Testbed.start(folder, 1, sites);
    }
}
