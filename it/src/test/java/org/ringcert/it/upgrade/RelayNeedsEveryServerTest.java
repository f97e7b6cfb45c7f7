package org.ringcert.it.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.demo.ChildProcess;
import org.ringcert.it.Certificates;
import org.ringcert.it.Testbed;
import org.ringcert.it.UsesPebble;

/** A cluster changes to a CA that follows no redirects while one of its servers still runs 0.1.0. */
@UsesPebble
class RelayNeedsEveryServerTest {

    private static final int FORMER = 0;
    private static final int UPGRADED = 1;

    @TempDir
    private Path folder;

    @Test
    void anOrderThroughAFormerReleaseFailsAndSaysWhyUntilThatServerIsUpgraded() throws Exception {
        try (Testbed testbed = Testbed.start(folder, 2, "www.example.org")) {
            testbed.cluster().install(FORMER, FormerRelease.program());
            // 0.1.0 does not know the key that the others get below.
            ChildProcess former = testbed.startDaemon(FORMER);
            Certificates.await(testbed, FORMER, 0);
            testbed.makeCaFollowNoRedirects();
            testbed.editConfiguration(
                    text -> text.replace("agree-to-terms = true", "agree-to-terms = true\nhandoff = \"relay\""));

            assertThat(testbed.runCommand(UPGRADED, 1, "renew").replaceAll("\\s+", " "))
                    .contains("The CA could not validate www.example.org")
                    .contains("that server must answer this CA itself instead of redirecting it")
                    .contains("Every server must run Ringcert 0.2.0 or newer");

            former.terminate();
            former.awaitExit(Testbed.TIMEOUT);
            testbed.cluster().installThisBuild(FORMER);
            testbed.startDaemon(FORMER);

            testbed.runCommand(UPGRADED, 0, "renew", "--force");
            Certificates.verified(testbed, UPGRADED, 0);
        }
    }
}
