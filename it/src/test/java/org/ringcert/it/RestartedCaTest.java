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

/** A CA that has lost all accounts and orders. */
@UsesPebble
class RestartedCaTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void oneNewAccountIsCreatedForAllSitesAndBothAreLogged(PebbleRelease release) throws Exception {
        String[] sites = {"www.example.org", "shop.example.org", "blog.example.org"};
        try (Testbed testbed = Testbed.start(folder, release, UnaryOperator.identity(), 1, sites)) {
            testbed.runCommand(0, 0, "renew");
            URI previous = account(testbed);
            testbed.ca().restart();

            String output = testbed.runCommand(0, 0, "renew", "--force");

            URI current = account(testbed);
            assertThat(output.lines().filter(line -> line.contains("no longer knows account")))
                    .singleElement()
                    .asString()
                    .contains(previous + ",", current.toString());
            assertThat(CaLog.of(testbed.ca()).accounts())
                    .as("accounts since the restart")
                    .isEqualTo(1);
            for (int i = 0; i < sites.length; i++) {
                StoredVersion.verified(testbed, 0, i);
            }
        }
    }

    private static URI account(Testbed testbed) throws Exception {
        return Store.open(testbed.cluster().store(0), Clock.systemUTC())
                .accounts()
                .find(testbed.ca().directory())
                .orElseThrow()
                .url()
                .orElseThrow();
    }
}
