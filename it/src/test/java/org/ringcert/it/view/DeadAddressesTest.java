package org.ringcert.it.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.it.view.CheckResult.FAILURE;
import static org.ringcert.it.view.CheckResult.NODE;
import static org.ringcert.it.view.CheckResult.OK;
import static org.ringcert.it.view.CheckResult.SITE;
import static org.ringcert.it.view.CheckResult.WARNING;
import static org.ringcert.it.view.TestNetwork.DEAD_IPV4;
import static org.ringcert.it.view.TestNetwork.DEAD_IPV6;
import static org.ringcert.it.view.TestNetwork.REFUSING_IPV4;
import static org.ringcert.it.view.TestNetwork.REFUSING_IPV6;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names with addresses where nobody answers, looked at from a server with IPv6 and from one without. */
class DeadAddressesTest {

    private static final String HEALTHY = "healthy.example.org";
    private static final String DEAD_AAAA = "dead-aaaa.example.org";
    private static final String REFUSING_AAAA = "refusing-aaaa.example.org";
    private static final String ONE_DEAD_A = "one-dead-a.example.org";
    private static final String ONE_REFUSING_A = "one-refusing-a.example.org";
    private static final String DEAD_A_BESIDE_AAAA = "dead-a-beside-aaaa.example.org";
    private static final String ALL_DEAD = "all-dead.example.org";

    @TempDir
    private static Path folder;

    private static TestNetwork network;
    private static CheckResult fromWeb0;
    private static CheckResult fromServerWithoutIpv6;

    @BeforeAll
    static void check() throws IOException {
        network = TestNetwork.start(folder, "web0", "web1", "web2:ipv4");
        NetworkCluster cluster = new NetworkCluster(
                network,
                Files.createDirectory(folder.resolve("cluster")),
                List.of("web0", "web1", "web2"),
                HEALTHY,
                DEAD_AAAA,
                REFUSING_AAAA,
                ONE_DEAD_A,
                ONE_REFUSING_A,
                DEAD_A_BESIDE_AAAA,
                ALL_DEAD);
        String ipv4 = network.ipv4("web1");
        String ipv6 = network.ipv6("web1");
        network.dns()
                .addresses(HEALTHY, ipv4, ipv6)
                .addresses(DEAD_AAAA, ipv4, DEAD_IPV6)
                .addresses(REFUSING_AAAA, ipv4, REFUSING_IPV6)
                .addresses(ONE_DEAD_A, ipv4, DEAD_IPV4)
                .addresses(ONE_REFUSING_A, ipv4, REFUSING_IPV4)
                .addresses(DEAD_A_BESIDE_AAAA, DEAD_IPV4, ipv6)
                .addresses(ALL_DEAD, DEAD_IPV4, DEAD_IPV6);
        cluster.startDaemons("web0", "web1", "web2");
        fromWeb0 = cluster.check("web0");
        fromServerWithoutIpv6 = cluster.check("web2", HEALTHY, DEAD_AAAA);
    }

    @AfterAll
    static void stop() throws IOException {
        if (network != null) {
            network.close();
        }
    }

    @Test
    void healthySiteAndNodesAreAllRight() {
        assertThat(fromWeb0.level(SITE, HEALTHY)).as(fromWeb0.toString()).isEqualTo(OK);
        for (String node : List.of("web0", "web1", "web2")) {
            assertThat(fromWeb0.level(NODE, node + ".example.org"))
                    .as(fromWeb0.toString())
                    .isEqualTo(OK);
        }
    }

    /** Complaint: an IPv6 address that leads nowhere, which the CA tries first. */
    @Test
    void deadAaaaIsAFailure() {
        assertThat(fromWeb0.status()).isEqualTo(1);
        assertThat(fromWeb0.texts(FAILURE, SITE, DEAD_AAAA))
                .as(fromWeb0.toString())
                .contains(DEAD_IPV6, "AAAA")
                .doesNotContain(network.ipv4("web1"));
        assertThat(fromWeb0.texts(FAILURE, SITE, REFUSING_AAAA)).contains(REFUSING_IPV6, "refused", "AAAA");
    }

    @Test
    void oneDeadAddressOfTwoIsAFailure() {
        assertThat(fromWeb0.texts(FAILURE, SITE, ONE_DEAD_A))
                .as(fromWeb0.toString())
                .contains(DEAD_IPV4)
                .doesNotContain(network.ipv4("web1"));
        assertThat(fromWeb0.texts(FAILURE, SITE, ONE_REFUSING_A)).contains(REFUSING_IPV4, "refused");
    }

    @Test
    void deadAddressThatCasDoNotPreferIsAWarning() {
        assertThat(fromWeb0.level(SITE, DEAD_A_BESIDE_AAAA))
                .as(fromWeb0.toString())
                .isEqualTo(WARNING);
        assertThat(fromWeb0.texts(WARNING, SITE, DEAD_A_BESIDE_AAAA)).contains(DEAD_IPV4);
    }

    @Test
    void siteWithoutAnyLivingAddressNamesBoth() {
        assertThat(fromWeb0.texts(FAILURE, SITE, ALL_DEAD)).contains(DEAD_IPV6);
        assertThat(fromWeb0.texts(WARNING, SITE, ALL_DEAD) + fromWeb0.texts(FAILURE, SITE, ALL_DEAD))
                .contains(DEAD_IPV4);
    }

    @Test
    void serverWithoutIpv6AsksPeersAboutIt() {
        assertThat(fromServerWithoutIpv6.level(SITE, HEALTHY))
                .as(fromServerWithoutIpv6.toString())
                .isEqualTo(OK);
        assertThat(fromServerWithoutIpv6.level(NODE, "web2.example.org")).isEqualTo(OK);
        assertThat(fromServerWithoutIpv6.texts(FAILURE, SITE, DEAD_AAAA)).contains(DEAD_IPV6, "AAAA");
    }
}
