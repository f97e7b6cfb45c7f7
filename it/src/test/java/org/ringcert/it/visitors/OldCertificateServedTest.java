package org.ringcert.it.visitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.it.Testbed;
import org.ringcert.it.UsesPebble;

/** Complaint: renewed on disk, but the old one is served, because the web server was not reloaded. */
@UsesPebble
class OldCertificateServedTest {

    private static final HostName SITE = new HostName("www.example.org");
    private static final String NODE = "web0.example.org";
    private static final String OLDER = "older-than-on-disk";

    @TempDir
    private static Path folder;

    private static VisitedCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = VisitedCluster.start(folder, 1, SITE.value());
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static List<String> flawsOnThePage() throws Exception {
        return StatusDocument.of(cluster.get(0, "/status.json").body()).flaws(NODE, SITE.value());
    }

    @Test
    void isSeenEverywhereWhileTheSiteStaysAvailable() throws Exception {
        Testbed testbed = cluster.testbed();
        StatusDocument good = StatusDocument.of(testbed.runCommand(0, 0, "status", "--all", "--json"));
        assertThat(good.flaws(NODE, SITE.value())).doesNotContain(OLDER);
        String oldSerial = good.cell(NODE, SITE.value()).path("serial").asString();

        cluster.deployBy(0, "echo the web server cannot be reloaded >&2; exit 1");
        assertThat(testbed.runCommand(0, 1, "renew", "--force")).contains("the web server cannot be reloaded");

        StatusDocument bad = StatusDocument.of(testbed.runCommand(0, 1, "status", "--all", "--json"));
        assertThat(bad.flaws(NODE, SITE.value())).contains(OLDER);
        assertThat(bad.cell(NODE, SITE.value()).path("serial").asString()).isEqualTo(oldSerial);
        assertThat(testbed.runCommand(0, 1, "status", "--all")).contains("old");
        await("the page says it")
                .atMost(Testbed.TIMEOUT)
                .until(() -> flawsOnThePage().contains(OLDER));
        // Visitors see no error: the old certificate is still valid.
        assertThat(cluster.livez(0, SITE.value()).status()).isEqualTo(200);
        assertThat(cluster.visitor().isServed(cluster.https(0), SITE)).isTrue();

        cluster.reloadWebServer(0);
        await("the page says that it is over").atMost(Testbed.TIMEOUT).until(() -> {
            cluster.livez(0, SITE.value());
            return !flawsOnThePage().contains(OLDER);
        });
        StatusDocument mended = StatusDocument.of(testbed.runCommand(0, 1, "status", "--all", "--json"));
        assertThat(mended.flaws(NODE, SITE.value())).doesNotContain(OLDER);
        assertThat(mended.cell(NODE, SITE.value()).path("serial").asString()).isNotEqualTo(oldSerial);
    }
}
