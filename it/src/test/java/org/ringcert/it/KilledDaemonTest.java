package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.demo.ChildProcess;

/** A daemon that is killed several times while the CA validates its challenges. */
@UsesPebble
class KilledDaemonTest {

    private static final List<String> LOG_LINES =
            List.of(" answers on ", "made an account", ": ordered", "answers for", "is validated");

    private static final String[] SITES = {
        "www.example.org", "shop.example.org", "blog.example.org", "wiki.example.org", "mail.example.org"
    };

    @TempDir
    private Path folder;

    @Test
    void getsAllItsCertificatesWithOneAccount() throws Exception {
        try (Testbed testbed = Testbed.start(folder, 1, SITES)) {
            for (String logLine : LOG_LINES) {
                ChildProcess daemon =
                        testbed.cluster().command(0, folder.resolve("log" + LOG_LINES.indexOf(logLine)), "run");
                // If the previous daemon finished before it was killed, there may be nothing left to do.
                daemon.awaitLine(line -> line.contains(logLine) || line.contains("next renewal"), Testbed.TIMEOUT);
                daemon.kill();
            }
            ChildProcess last = testbed.startDaemon(0);
            await().atMost(Testbed.TIMEOUT)
                    .until(() -> last.output()
                                    .lines()
                                    .filter(line -> line.contains("next renewal"))
                                    .count()
                            == SITES.length);

            assertThat(last.output()).doesNotContain("failed");
            for (int i = 0; i < SITES.length; i++) {
                StoredVersion.verified(testbed, 0, i);
            }
            CaLog log = CaLog.of(testbed.ca());
            assertThat(log.accounts()).isEqualTo(1);
            // It was killed three times after an order was created, and twice while the CA was validating.
            assertThat(log.orders()).isLessThanOrEqualTo(SITES.length * 4);
            assertThat(log.failedValidations()).hasSizeLessThanOrEqualTo(SITES.length * 2);
            assertThat(log.certificates()).isEqualTo(SITES.length);
        }
    }
}
