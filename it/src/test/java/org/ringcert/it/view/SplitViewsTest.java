package org.ringcert.it.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.it.view.CheckResult.FAILURE;
import static org.ringcert.it.view.CheckResult.NODE;
import static org.ringcert.it.view.CheckResult.SITE;
import static org.ringcert.it.view.CheckResult.WARNING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.dns.ScriptedDns.Transports;

/**
 * Complaint: a server's check of itself lies, because it does not see what the Internet sees. Here web0 is behind NAT
 * without loopback, its DNS server has internal addresses, and a firewall shuts out web2 alone.
 */
class SplitViewsTest {

    private static final String PUBLIC_WEB0 = "192.0.1.80";
    private static final String PUBLIC_WEB1 = "192.0.1.81";
    private static final String INTERNAL = "10.0.0.5";

    private static final String BEHIND_NAT = "behind-nat.example.org";
    private static final String SPLIT = "split.example.org";
    private static final String BLOCKED = "blocked.example.org";

    @TempDir
    private static Path folder;

    private static TestNetwork network;
    private static CheckResult withInternalDns;
    private static CheckResult withPublicDns;

    @BeforeAll
    static void check() throws IOException {
        network = TestNetwork.start(folder, "web0", "web1", "web2");
        NetworkCluster cluster = new NetworkCluster(
                network,
                Files.createDirectory(folder.resolve("cluster")),
                List.of("web0", "web1", "web2"),
                BEHIND_NAT,
                SPLIT,
                BLOCKED);
        network.relay(PUBLIC_WEB0, 80, "web0");
        network.swallow("web0", PUBLIC_WEB0);
        network.relay(PUBLIC_WEB1, 80, "web1");
        network.swallow("web2", PUBLIC_WEB1);
        network.addToRouter(INTERNAL);
        NetworkDns internal = network.startDns("192.0.1.2", Transports.BOTH);
        for (NetworkDns dns : List.of(network.dns(), internal)) {
            dns.setAddresses("web0.example.org", PUBLIC_WEB0)
                    .setAddresses("web1.example.org", network.addresses("web1"))
                    .setAddresses("web2.example.org", network.addresses("web2"))
                    .addresses(BEHIND_NAT, PUBLIC_WEB0)
                    .addresses(BLOCKED, PUBLIC_WEB1);
        }
        network.dns().addresses(SPLIT, network.addresses("web1"));
        internal.addresses(SPLIT, INTERNAL);
        cluster.startDaemons("web0", "web1", "web2");
        cluster.configure("web0", internal.asResolver());
        withInternalDns = cluster.check("web0", BEHIND_NAT, SPLIT);
        cluster.configure("web0", network.dns().asResolver());
        withPublicDns = cluster.check("web0", BLOCKED, SPLIT);
    }

    @AfterAll
    static void stop() throws IOException {
        if (network != null) {
            network.close();
        }
    }

    @Test
    void ownAddressThatOnlyPeersReachIsAWarning() {
        assertThat(withInternalDns.level(SITE, BEHIND_NAT))
                .as(withInternalDns.toString())
                .isEqualTo(WARNING);
        assertThat(withInternalDns.texts(WARNING, SITE, BEHIND_NAT))
                .contains(PUBLIC_WEB0, "NAT", "web1.example.org", "web2.example.org");
        assertThat(withInternalDns.level(NODE, "web0.example.org")).isEqualTo(WARNING);
    }

    @Test
    void internalAddressOfASiteIsAWarningThatNamesBothViews() {
        assertThat(withInternalDns.level(SITE, SPLIT))
                .as(withInternalDns.toString())
                .isEqualTo(WARNING);
        assertThat(withInternalDns.texts(WARNING, SITE, SPLIT))
                .contains(INTERNAL, network.ipv4("web1"), "split DNS", "`resolver`");
    }

    /** Only the CA, which this network does not have, makes the check fail. */
    @Test
    void nothingThatPeersSeeOtherwiseIsAFailure() {
        assertThat(withInternalDns.findings())
                .filteredOn(each -> each.level().equals(FAILURE))
                .extracting(CheckResult.Finding::topic)
                .containsExactly("ca");
    }

    @Test
    void resolverThatTheRemedyNamesEndsTheWarning() {
        assertThat(withPublicDns.level(SITE, SPLIT))
                .as(withPublicDns.toString())
                .isNotEqualTo(FAILURE);
        assertThat(withPublicDns.texts(WARNING, SITE, SPLIT)).doesNotContain(INTERNAL);
    }

    @Test
    void addressThatOnePeerCannotReachIsAFailureThatNamesThePeer() {
        assertThat(withPublicDns.status()).isEqualTo(1);
        assertThat(withPublicDns.texts(FAILURE, SITE, BLOCKED))
                .as(withPublicDns.toString())
                .contains(PUBLIC_WEB1, "web2.example.org says: ");
    }
}
