package org.ringcert.it.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.demo.TestCa;
import org.ringcert.it.CaProxy;
import org.ringcert.it.Certificates;
import org.ringcert.it.PebbleRelease;
import org.ringcert.it.Testbed;
import org.ringcert.it.UsesPebble;

/** 0.1.0 takes over a store that this build left in the middle of its work, and this build takes it back. */
@UsesPebble
class WayBackTest {

    /** Its certificate is good. */
    private static final int WWW = 0;
    /** Its order at the first CA has a key. */
    private static final int SHOP = 1;
    /** The first CA has refused it. Its order at the second has a key. */
    private static final int BLOG = 2;
    /** Its validation has failed. */
    private static final int MAIL = 3;
    /** Its certificate could not be deployed. */
    private static final int NEWS = 4;
    /** Its certificate is from the second CA. */
    private static final int WIKI = 5;

    private static final String[] SITES = {
        "www.example.org",
        "shop.example.org",
        "blog.example.org",
        "mail.example.org",
        "news.example.org",
        "wiki.example.org"
    };

    private static final String NEW_ORDER = "/order-plz";
    private static final String FINALIZE = "/finalize-order/";

    @TempDir
    private Path folder;

    @Test
    void theFormerReleaseUsesTheStoreOfThisOne() throws Exception {
        List<String> formerRelease = FormerRelease.program();
        PebbleRelease release = PebbleRelease.newestAvailable();
        try (Testbed testbed = Testbed.start(folder, release, options -> options, 1, SITES);
                TestCa second = TestCa.start(
                        release.binaries(),
                        PebbleOptions.on(List.of(testbed.cluster().address(0)))
                                .withHttpPort(testbed.ca().httpPort()));
                CaProxy firstProxy = CaProxy.start(testbed.ca(), folder);
                CaProxy secondProxy = CaProxy.start(second, folder)) {
            firstProxy.replaceCaOf(testbed);
            secondProxy.addTo(testbed);
            Deployment deployment = Deployment.of(testbed, SITES[NEWS], folder);

            useTheFirstCa(testbed, firstProxy);
            useTheSecondCa(testbed, firstProxy, secondProxy);
            failAtBoth(testbed, second);
            assertThat(Files.readString(order(testbed, BLOG)))
                    .contains(
                            firstProxy.directory().toString(),
                            secondProxy.directory().toString());
            if (testbed.ca().offersRenewalInformation()) {
                assertThat(Certificates.link(testbed, 0, WWW).resolve("renewal.json"))
                        .exists();
            }

            deployment.mend();
            goBack(testbed, formerRelease);
            assertThat(deployment.deployed()).containsExactly(SITES[NEWS]);

            testbed.cluster().installThisBuild(0);
            testbed.runCommand(0, 0, "status");
            assertThat(testbed.runCommand(0, 0, "renew").lines())
                    .hasSize(SITES.length)
                    .allMatch(line -> line.contains(": not due"));
            try (Stream<Path> files = Files.list(testbed.cluster().store(0).resolve("orders"))) {
                assertThat(files).allMatch(file -> file.toString().endsWith(".lock"));
            }
        }
    }

    private static void useTheFirstCa(Testbed testbed, CaProxy first) throws Exception {
        testbed.runCommand(0, 0, "renew", SITES[WWW]);
        testbed.runCommand(0, 1, "renew", SITES[NEWS]);
        kill(testbed, SHOP, first.breakBefore(FINALIZE));
    }

    private static void useTheSecondCa(Testbed testbed, CaProxy first, CaProxy second) throws Exception {
        first.refuse(NEW_ORDER, 429, "rateLimited", Duration.ofHours(2));
        testbed.runCommand(0, 0, "renew", SITES[WIKI]);
        kill(testbed, BLOG, second.breakBefore(FINALIZE));
        first.allow(NEW_ORDER);
    }

    private static void failAtBoth(Testbed testbed, TestCa second) throws Exception {
        HostName name = new HostName(SITES[MAIL]);
        testbed.ca().clearAddress(name);
        second.clearAddress(name);
        testbed.runCommand(0, 1, "renew", SITES[MAIL]);
        testbed.ca().setAddress(name, testbed.cluster().address(0));
    }

    /** Runs 0.1.0 until it has a certificate of the first CA for each site. */
    private static void goBack(Testbed testbed, List<String> formerRelease) throws Exception {
        testbed.cluster().install(0, formerRelease);
        assertThat(testbed.runCommand(0, 1, "status")).contains(SITES);
        ChildProcess daemon = testbed.startDaemon(0);
        daemon.awaitLine(line -> line.contains(SITES[WWW] + ": good, next renewal "), Testbed.TIMEOUT);
        for (int site : List.of(SHOP, BLOG, MAIL, WIKI)) {
            daemon.awaitLine(line -> line.contains(SITES[site] + ": next renewal "), Testbed.TIMEOUT);
        }
        testbed.runCommand(0, 0, "renew", "--force", SITES[WWW], SITES[NEWS]);
        for (int site = 0; site < SITES.length; site++) {
            Certificates.verified(testbed, 0, site);
        }
        daemon.kill();
    }

    /** Runs {@code renew} for the site until it reaches the break, and kills it there. */
    private static void kill(Testbed testbed, int site, CaProxy.Break reached) throws Exception {
        ChildProcess process = testbed.cluster().command(0, testbed.cluster().log(0), "renew", SITES[site]);
        reached.await();
        process.kill();
    }

    private static Path order(Testbed testbed, int site) {
        return testbed.cluster().store(0).resolve("orders").resolve(SITES[site] + ".json");
    }
}
