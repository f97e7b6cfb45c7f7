package org.ringcert.it.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.ChildProcess;
import org.ringcert.it.CaLog;
import org.ringcert.it.CaProxy;
import org.ringcert.it.Certificates;
import org.ringcert.it.PebbleRelease;
import org.ringcert.it.Testbed;
import org.ringcert.it.UsesPebble;
import org.ringcert.pki.Pem;

/** This build takes over a store that 0.1.0 left in the middle of its work. */
@UsesPebble
class FormerStoreTest {

    /** Its order is pending, and has no key yet. */
    private static final int WWW = 0;
    /** Its order has a key. The CA has not got the certificate request. */
    private static final int SHOP = 1;
    /** Its order has a key. The CA has issued the certificate, which 0.1.0 has not fetched. */
    private static final int BLOG = 2;
    /** Its validation has failed twice. */
    private static final int MAIL = 3;
    /** Its certificate could not be deployed. */
    private static final int NEWS = 4;
    /** Its certificate is not served. */
    private static final int WIKI = 5;

    private static final String[] SITES = {
        "www.example.org",
        "shop.example.org",
        "blog.example.org",
        "mail.example.org",
        "news.example.org",
        "wiki.example.org"
    };

    @TempDir
    private Path folder;

    @Test
    void resumesOrdersAndKeepsFailuresAndPendingDeployments() throws Exception {
        List<String> formerRelease = FormerRelease.program();
        try (Testbed testbed = Testbed.start(folder, PebbleRelease.newestAvailable(), options -> options, 1, SITES);
                CaProxy proxy = CaProxy.start(testbed.ca(), folder)) {
            proxy.replaceCaOf(testbed);
            testbed.cluster().install(0, formerRelease);
            Deployment deployment = Deployment.of(testbed, SITES[NEWS], folder);
            PublicKey keyOfShop;
            try (WrongServer _ = WrongServer.at(testbed, 0, new HostName(SITES[WIKI]))) {
                kill(testbed, WWW, proxy.breakBefore("/chalZ/"));
                kill(testbed, SHOP, proxy.breakBefore("/finalize-order/"));
                kill(testbed, BLOG, proxy.breakAfter("/finalize-order/"));
                keyOfShop = Pem.keyPair(Files.readString(order(testbed, SHOP, ".key")))
                        .getPublic();
                testbed.ca().clearAddress(new HostName(SITES[MAIL]));
                testbed.runCommand(0, 1, "renew", SITES[MAIL]);
                testbed.runCommand(0, 1, "renew", "--force", SITES[MAIL]);
                testbed.runCommand(0, 1, "renew", SITES[NEWS], SITES[WIKI]);
            }
            assertThat(Files.readString(order(testbed, WWW, ".json"))).contains("\"order\"");
            assertThat(order(testbed, WWW, ".key")).doesNotExist();
            assertThat(order(testbed, BLOG, ".key")).exists();
            assertThat(Files.readString(order(testbed, MAIL, ".json"))).contains("\"times\" : 2");
            assertThat(Files.readString(order(testbed, NEWS, ".json"))).contains("\"undeployed\"");
            assertThat(Files.readString(order(testbed, WIKI, ".json"))).contains("\"unserved\"");
            CaLog former = CaLog.of(testbed.ca());
            assertThat(former.orders()).isEqualTo(SITES.length + 1);

            testbed.cluster().installThisBuild(0);
            assertThat(testbed.runCommand(0, 1, "status"))
                    .contains(SITES)
                    .contains("2 times in a row")
                    .doesNotContain("cannot be read");
            deployment.mend();
            String output = testbed.runCommand(0, 1, "renew");

            assertThat(output).contains(SITES[MAIL] + ": failed 2 times in a row");
            for (int site : List.of(WWW, SHOP, BLOG, NEWS, WIKI)) {
                Certificates.verified(testbed, 0, site);
                assertThat(order(testbed, site, ".json")).doesNotExist();
                assertThat(order(testbed, site, ".key")).doesNotExist();
            }
            assertThat(Certificates.verified(testbed, 0, SHOP).getPublicKey()).isEqualTo(keyOfShop);
            assertThat(deployment.deployed()).containsExactly(SITES[NEWS]);
            CaLog all = CaLog.of(testbed.ca());
            assertThat(all.accounts()).isOne();
            assertThat(all.orders()).isEqualTo(former.orders());
            assertThat(all.certificates()).isEqualTo(SITES.length - 1);
        }
    }

    /** Runs {@code renew} for the site until it reaches the break, and kills it there. */
    private static void kill(Testbed testbed, int site, CaProxy.Break reached) throws Exception {
        ChildProcess process = testbed.cluster().command(0, testbed.cluster().log(0), "renew", SITES[site]);
        reached.await();
        process.kill();
    }

    private static Path order(Testbed testbed, int site, String extension) {
        return testbed.cluster().store(0).resolve("orders").resolve(SITES[site] + extension);
    }
}
