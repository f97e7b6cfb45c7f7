package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.LocalCluster;

@UsesPebble
class FailingSiteTest {

    private static final HostName NOWHERE = new HostName("nowhere.example.org");
    private static final HostName ELSEWHERE = new HostName("elsewhere.example.org");

    @TempDir
    private Path folder;

    /** The report has the CA's error. Other sites are not affected. */
    @Test
    void reportsAFailedSiteAndRetriesItLater() throws Exception {
        try (Testbed testbed = Testbed.start(folder, 1, "www.example.org", NOWHERE.value(), ELSEWHERE.value())) {
            testbed.ca().clearAddress(NOWHERE);
            testbed.ca().setAddress(ELSEWHERE, LocalCluster.loopback(2).getLast());
            ChildProcess daemon = testbed.startDaemon(0);
            Certificates.await(testbed, 0, 0);
            for (HostName site : List.of(NOWHERE, ELSEWHERE)) {
                daemon.awaitLine(line -> line.contains(site + ": failed, next try"), Testbed.TIMEOUT);
            }

            String status = testbed.runCommand(0, 1, "status");
            assertThat(status).containsPattern("www.example.org +Pebble .* good");
            assertThat(problem(status, NOWHERE))
                    .contains("The CA could not validate " + NOWHERE)
                    .contains("The CA says: ");
            assertThat(problem(status, ELSEWHERE))
                    .contains("The CA could not validate " + ELSEWHERE)
                    .contains("connection refused");

            String renew = testbed.runCommand(0, 1, "renew");
            assertThat(renew)
                    .contains("www.example.org: not due, next renewal ")
                    .contains(NOWHERE + ": failed once, last at ")
                    .contains(ELSEWHERE + ": failed once, last at ")
                    .contains("connection refused");

            daemon.kill();
            ChildProcess again = testbed.startDaemon(0);
            again.awaitLine(line -> line.contains(ELSEWHERE + ": failed once, last at "), Testbed.TIMEOUT);
            assertThat(again.output()).doesNotContain("ordered");
        }
    }

    @Test
    void forceRetriesAFailedSiteAtOnce() throws Exception {
        try (Testbed testbed = Testbed.start(folder, 1, NOWHERE.value())) {
            testbed.ca().clearAddress(NOWHERE);
            ChildProcess daemon = testbed.startDaemon(0);
            daemon.awaitLine(line -> line.contains(NOWHERE + ": failed, next try"), Testbed.TIMEOUT);
            testbed.cluster().move(0, 0);
            assertThat(testbed.runCommand(0, 0, "renew", "--force", NOWHERE.value()))
                    .contains(NOWHERE + ": renewed");
            Certificates.verified(testbed, 0, 0);
            assertThat(testbed.runCommand(0, 0, "status")).doesNotContain("failed");
        }
    }

    private static String problem(String status, HostName site) {
        return status.lines()
                .filter(line -> line.startsWith(site + ": "))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no problem reported for " + site + ": " + status));
    }
}
