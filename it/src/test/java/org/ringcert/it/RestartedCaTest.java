package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.store.Store;

/** A CA that has lost all it knew. */
@UsesPebble
class RestartedCaTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void theAccountIsGoneOneNewOneIsMadeForAllSitesAndTheLogNamesBoth(PebbleRelease which) throws Exception {
        String[] sites = {"www.example.org", "shop.example.org", "blog.example.org"};
        try (Testbed testbed = Testbed.start(folder, which, UnaryOperator.identity(), 1, sites)) {
            testbed.runCommand(0, 0, "renew");
            URI before = account(testbed);
            testbed.ca().restart();

            String said = testbed.runCommand(0, 0, "renew", "--force");

            URI after = account(testbed);
            assertThat(said.lines().filter(line -> line.contains("does not know account")))
                    .singleElement()
                    .asString()
                    .contains(before + " ", after.toString());
            assertThat(CaLog.of(testbed.ca()).accounts()).as("since then").isEqualTo(1);
            for (int i = 0; i < sites.length; i++) {
                StoredVersion.verified(testbed, 0, i);
            }
        }
    }

    private static URI account(Testbed testbed) throws Exception {
        return Store.open(testbed.cluster().store(0), Clock.systemUTC())
                .account(testbed.ca().directory())
                .orElseThrow()
                .url()
                .orElseThrow();
    }
}
