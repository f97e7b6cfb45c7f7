package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.demo.ChildProcess;

/** A daemon that is killed again and again, with the CA at its door. */
@UsesPebble
class KilledDaemonTest {

    private static final List<String> MOMENTS =
            List.of(" answers on ", "made an account", ": ordered", "answers for", "is validated");

    private static final String[] SITES = {
        "www.example.org", "shop.example.org", "blog.example.org", "wiki.example.org", "mail.example.org"
    };

    @TempDir
    private Path folder;

    @Test
    void itHasAllItsCertificatesInTheEndFromOneAccount() throws Exception {
        try (Testbed testbed = Testbed.start(folder, PebbleRelease.INSTALLED, UnaryOperator.identity(), 1, SITES)) {
            for (String moment : MOMENTS) {
                ChildProcess daemon =
                        testbed.cluster().command(0, folder.resolve("log" + MOMENTS.indexOf(moment)), "run");
                // where the one before was quicker than its end there may be nothing left to do
                daemon.awaitLine(line -> line.contains(moment) || line.contains("next renewal"), Testbed.TIMEOUT);
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
            // it was killed three times after an order was made, and twice while the CA was on its way
            assertThat(log.orders()).isLessThanOrEqualTo(SITES.length * 4);
            assertThat(log.failedValidations()).hasSizeLessThanOrEqualTo(SITES.length * 2);
            assertThat(log.certificates()).isEqualTo(SITES.length);
        }
    }
}
