package org.ringcert.it.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.it.view.CheckResult.FAILURE;
import static org.ringcert.it.view.CheckResult.OK;
import static org.ringcert.it.view.CheckResult.SITE;
import static org.ringcert.it.view.CheckResult.WARNING;
import static org.ringcert.it.view.TestNetwork.DEAD_IPV6;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers of which one has no IPv6: who cannot try an address is no witness for it. */
class NoIpv6RouteTest {

    private static final String IPV4_ALONE = "ipv4.example.org";
    private static final String DEAD_AAAA = "dead-aaaa.example.org";

    @TempDir
    private static Path folder;

    private static TestNetwork network;
    private static CheckResult alone;
    private static CheckResult withPeer;

    @BeforeAll
    static void check() throws IOException {
        network = TestNetwork.start(folder, "web0:ipv4", "web1");
        NetworkCluster cluster = new NetworkCluster(
                network,
                Files.createDirectory(folder.resolve("cluster")),
                List.of("web0", "web1"),
                IPV4_ALONE,
                DEAD_AAAA);
        network.dns().addresses(IPV4_ALONE, network.ipv4("web0")).addresses(DEAD_AAAA, network.ipv4("web0"), DEAD_IPV6);
        cluster.startDaemons("web0");
        alone = cluster.check("web0");
        cluster.startDaemons("web1");
        withPeer = cluster.check("web1");
    }

    @AfterAll
    static void stop() throws IOException {
        if (network != null) {
            network.close();
        }
    }

    @Test
    void addressThatNobodyCanTryIsAWarning() {
        assertThat(alone.level(SITE, IPV4_ALONE)).as(alone.toString()).isEqualTo(OK);
        assertThat(alone.level(SITE, DEAD_AAAA)).as(alone.toString()).isEqualTo(WARNING);
        assertThat(alone.texts(WARNING, SITE, DEAD_AAAA)).contains(DEAD_IPV6, "IPv6");
    }

    /** The peer cannot try the address. That it finds nothing wrong must not excuse what this server has seen. */
    @Test
    void deadAaaaIsAFailureThoughThePeerHasNoIpv6() {
        assertThat(withPeer.texts(FAILURE, SITE, DEAD_AAAA))
                .as(withPeer.toString())
                .contains(DEAD_IPV6, "AAAA");
        assertThat(withPeer.toString()).doesNotContain("hairpin");
    }
}
