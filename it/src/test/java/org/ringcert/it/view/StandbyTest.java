package org.ringcert.it.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.it.view.CheckResult.FAILURE;
import static org.ringcert.it.view.CheckResult.NODE;
import static org.ringcert.it.view.CheckResult.OK;
import static org.ringcert.it.view.CheckResult.SITE;
import static org.ringcert.it.view.CheckResult.WARNING;
import static org.ringcert.it.view.TestNetwork.DEAD_IPV4;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.it.CommandResult;
import org.ringcert.it.UsesPebble;
import org.ringcert.it.view.NetworkCluster.Json;

/**
 * Complaint: the standby cannot renew and dies silently. The site's name leads to web0. Peers reach web1, the standby,
 * at an internal address, but its public name leads nowhere.
 */
@UsesPebble
class StandbyTest {

    private static final String SITE_NAME = "www.example.org";

    @TempDir
    private static Path folder;

    private static TestNetwork network;
    private static NetworkCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        network = TestNetwork.start(folder, "web0", "web1");
        cluster = new NetworkCluster(
                network, Files.createDirectory(folder.resolve("cluster")), List.of("web0", "web1"), SITE_NAME);
        cluster.addToNode("web1", "address = \"" + network.ipv4("web1") + "\"\n");
        network.dns().setAddresses("web1.example.org", DEAD_IPV4).addresses(SITE_NAME, network.addresses("web0"));
        cluster.startDaemons("web0", "web1");
    }

    @AfterAll
    static void stop() throws IOException {
        if (network != null) {
            network.close();
        }
    }

    @Test
    void checkOnTheStandbyNamesItsOwnName() throws IOException {
        CheckResult result = cluster.check("web1");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.texts(FAILURE, NODE, "web1.example.org"))
                .as(result.toString())
                .contains(DEAD_IPV4);
        assertThat(result.texts(FAILURE, SITE, SITE_NAME))
                .as(result.toString())
                .contains(DEAD_IPV4, "web1.example.org");
    }

    /** The peer itself can renew. */
    @Test
    void checkOnThePeerWarnsAboutTheStandby() throws IOException {
        CheckResult result = cluster.check("web0");
        assertThat(result.texts(WARNING, NODE, "web1.example.org"))
                .as(result.toString())
                .contains(DEAD_IPV4);
        assertThat(result.level(SITE, SITE_NAME)).isEqualTo(OK);
    }

    @Test
    void traceOnTheStandbyShowsWhereTheCaIsLost() throws IOException {
        Json trace = cluster.trace("web1", SITE_NAME);
        assertThat(trace.status()).isEqualTo(1);
        assertThat(trace.text()).contains("http://www.example.org/", "302", "http://web1.example.org/", DEAD_IPV4);
        assertThat(cluster.trace("web0", SITE_NAME).status()).isZero();
    }

    @Test
    void orderOfTheStandbyIsPostponedAndStatusSaysWhy() throws IOException {
        NetworkCa ca = NetworkCa.start(network, Files.createDirectory(folder.resolve("ca")));
        cluster.setCa(ca.configuration(), "before-order = \"postpone\"\n");
        CommandResult renewal = cluster.run("web1", "renew");
        assertThat(renewal.status()).as(renewal.output()).isEqualTo(1);
        assertThat(renewal.output()).contains("waits with its order", "web1.example.org");
        assertThat(ca.log().orders()).isZero();
        CommandResult status = cluster.run("web1", "status");
        assertThat(status.status()).as(status.output()).isEqualTo(1);
        assertThat(status.output()).contains("web1.example.org", DEAD_IPV4);
    }
}
