package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.daemon.demo.ChildProcess;

@UsesPebble
class RenewCommandTest {

    @TempDir
    private Path folder;

    @Test
    void besideADaemonItDisturbsNothingAndTheDaemonAnswersForIt() throws Exception {
        try (Lab lab = lab("www.example.org", "shop.example.org")) {
            ChildProcess daemon = lab.run(0);
            X509Certificate www = Certificates.await(lab, 0, 0);
            X509Certificate shop = Certificates.await(lab, 0, 1);
            for (String site : new String[] {"www", "shop"}) {
                daemon.awaitLine(line -> line.contains(site + ".example.org: next renewal "), Lab.LONG);
            }
            String before = daemon.output();

            assertThat(lab.command(0, 0, "renew"))
                    .contains("www.example.org: not due until ")
                    .contains("shop.example.org: not due until ");
            assertThat(daemon.output()).isEqualTo(before);

            assertThat(lab.command(0, 0, "renew", "--force", "www.example.org"))
                    .contains("www.example.org: renewed, good until ")
                    .doesNotContain("shop.example.org");
            assertThat(Certificates.verified(lab, 0, 0)).isNotEqualTo(www);
            assertThat(Certificates.verified(lab, 0, 1)).isEqualTo(shop);
            String more = daemon.output().substring(before.length());
            assertThat(more.lines()).isNotEmpty().allMatch(line -> line.endsWith(" answer=held"));
            assertThat(daemon.isAlive()).isTrue();
        }
    }

    @Test
    void aSiteThatTheDaemonHasInWorkIsSkipped() throws Exception {
        try (Lab lab = lab("www.example.org")) {
            lab.ca().pause();
            lab.run(0);
            await().atMost(Lab.LONG).until(() -> Files.exists(Certificates.link(lab, 0, 0)));
            assertThat(lab.command(0, 0, "renew"))
                    .contains("www.example.org: skipped, the daemon or another command is at work on it (process ");
            // who forces wants a certificate now
            assertThat(lab.command(0, 1, "renew", "--force"))
                    .contains("www.example.org: skipped, the daemon or another command is at work on it (process ");
            lab.ca().resume();
            Certificates.await(lab, 0, 0);
            assertThat(Validation.all(lab)).hasSize(1);
        }
    }

    @Test
    void aDaemonThatStartsWhileItAnswersWaitsForItsEndAndCanBeEndedMeanwhile() throws Exception {
        try (Lab lab = lab("www.example.org")) {
            lab.ca().pause();
            ChildProcess renew = lab.cluster().command(0, folder.resolve("renew"), "renew");
            await().atMost(Lab.LONG).ignoreExceptions().until(() -> Visit.ask(lab, 0, Tokens.unknown()) != null);

            ChildProcess first = lab.cluster().run(0);
            first.awaitLine(
                    line -> line.matches(".*`ringcert renew` \\(process [0-9]+, since .*\\) answers on port .*"),
                    Lab.LONG);
            first.terminate();
            assertThat(first.awaitExit(Lab.LONG)).as(first.output()).isZero();

            ChildProcess daemon = lab.cluster().command(0, folder.resolve("daemon"), "run");
            daemon.awaitLine(
                    line -> line.matches(".*`ringcert renew` \\(process [0-9]+, since .*\\) answers on port .*"),
                    Lab.LONG);
            lab.ca().resume();
            assertThat(renew.awaitExit(Lab.LONG)).as(renew.output()).isZero();
            daemon.awaitLine(line -> line.contains(" answers on /"), Lab.LONG);
            Certificates.verified(lab, 0, 0);
            assertThat(CaLog.of(lab.ca()).orders()).isEqualTo(1);
        }
    }

    @Test
    void withoutADaemonItAnswersItselfAndADryRunOnlyTalks() throws Exception {
        try (Lab lab = lab("www.example.org")) {
            assertThat(lab.command(0, 0, "renew", "--dry-run"))
                    .contains("www.example.org: would be ordered: there is no certificate yet");
            assertThat(Certificates.link(lab, 0, 0)).doesNotExist();
            assertThat(lab.cluster().store(0).resolve("accounts")).isEmptyDirectory();

            assertThat(lab.command(0, 0, "renew", "--prepare"))
                    .contains("www.example.org: a self-signed certificate stands there", "There is an account at");
            assertThat(Certificates.link(lab, 0, 0).resolve("privkey.pem")).exists();
            assertThat(CaLog.of(lab.ca()).accounts()).isEqualTo(1);
            assertThat(CaLog.of(lab.ca()).orders()).isZero();

            assertThat(lab.command(0, 0, "renew")).contains("www.example.org: renewed, good until ");
            X509Certificate first = Certificates.verified(lab, 0, 0);
            assertThatThrownBy(() -> Visit.ask(lab, 0, Tokens.unknown())).isInstanceOf(ConnectException.class);

            assertThat(lab.command(0, 0, "renew", "--dry-run")).contains("www.example.org: not due until ");
            assertThat(lab.command(0, 0, "renew", "--dry-run", "--force"))
                    .contains("www.example.org: would be ordered, though not due until ");
            assertThat(lab.command(0, 2, "renew", "blog.example.org")).contains("blog.example.org is no site");
            assertThat(Certificates.verified(lab, 0, 0)).isEqualTo(first);
        }
    }

    private Lab lab(String... sites) throws IOException {
        return Lab.start(folder, RealCa.USUAL, UnaryOperator.identity(), 1, sites);
    }
}
