package org.ringcert.it.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.it.view.CheckResult.FAILURE;
import static org.ringcert.it.view.CheckResult.OK;
import static org.ringcert.it.view.CheckResult.SITE;
import static org.ringcert.it.view.TestNetwork.DEAD_IPV4;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.it.CommandResult;
import org.ringcert.it.UsesPebble;
import org.ringcert.pki.Pem;

/** Orders from a real CA that validates on port 80. A look postpones those that would fail, and no others. */
@UsesPebble
class OrdersTest {

    private static final String DEAD = "dead.example.org";
    private static final String BEHIND_NAT = "behind-nat.example.org";
    private static final String MOVING = "moving.example.org";

    private static final String PUBLIC_WEB0 = "192.0.1.80";

    @TempDir
    private Path folder;

    private TestNetwork network;
    private NetworkCluster cluster;
    private NetworkCa ca;

    @BeforeEach
    void start() throws IOException {
        network = TestNetwork.start(folder, "web0", "web1", "web2");
        cluster = new NetworkCluster(
                network,
                Files.createDirectory(folder.resolve("cluster")),
                List.of("web0", "web1", "web2"),
                DEAD,
                BEHIND_NAT,
                MOVING);
        ca = NetworkCa.start(network, Files.createDirectory(folder.resolve("ca")));
        network.relay(PUBLIC_WEB0, 80, "web0");
        network.swallow("web0", PUBLIC_WEB0);
        network.dns()
                .setAddresses("web0.example.org", PUBLIC_WEB0)
                .addresses(BEHIND_NAT, PUBLIC_WEB0)
                .addresses(DEAD, network.ipv4("web1"), DEAD_IPV4)
                .addresses(MOVING, network.ipv4("web2"));
        cluster.startDaemons("web0", "web1");
        cluster.setCa(ca.configuration(), "before-order = \"postpone\"\n");
    }

    @AfterEach
    void stop() throws IOException {
        if (network != null) {
            network.close();
        }
    }

    @Test
    void failingLooksSpendNothingButServersBehindNatAndMovingSitesGetCertificates() throws IOException {
        postponesAnOrderThatWouldFail();
        makesTheOrderOfAServerThatDoesNotSeeItself();
        movesASiteToAServerThatAlreadyHasTheCertificate();
    }

    /** Complaint: no check before limits are spent. */
    private void postponesAnOrderThatWouldFail() throws IOException {
        CommandResult renewal = cluster.run("web1", "renew", DEAD);
        assertThat(renewal.status()).as(renewal.output()).isEqualTo(1);
        assertThat(renewal.output()).contains("waits with its order", DEAD_IPV4);
        assertThat(ca.log().orders()).isZero();
    }

    /** Complaint: self-checks lie behind NAT, and then nothing is ordered. */
    private void makesTheOrderOfAServerThatDoesNotSeeItself() throws IOException {
        CommandResult renewal = cluster.run("web0", "renew", BEHIND_NAT);
        assertThat(renewal.status()).as(renewal.output()).isZero();
        assertThat(isIssued("web0", BEHIND_NAT)).isTrue();
        assertThat(ca.log().orders()).isOne();
    }

    /** Complaint: the DNS must move before the certificate can be had. */
    private void movesASiteToAServerThatAlreadyHasTheCertificate() throws IOException {
        assertThat(cluster.trace("web1", MOVING).status()).isEqualTo(1);
        CheckResult early = cluster.check("web1", MOVING);
        assertThat(early.texts(FAILURE, SITE, MOVING)).as(early.toString()).contains(network.ipv4("web2"), "refused");
        CommandResult tooEarly = cluster.run("web1", "renew");
        assertThat(tooEarly.output()).contains(network.ipv4("web2"));
        assertThat(isIssued("web1", MOVING)).isFalse();

        cluster.startDaemons("web2");
        assertThat(cluster.trace("web1", MOVING).status()).isZero();
        CheckResult ready = cluster.check("web1", MOVING);
        assertThat(ready.level(SITE, MOVING)).as(ready.toString()).isEqualTo(OK);
        CommandResult renewal = cluster.run("web1", "renew", "--force", MOVING);
        assertThat(renewal.status()).as(renewal.output()).isZero();
        assertThat(isIssued("web1", MOVING)).isTrue();

        network.dns().setAddresses(MOVING, network.addresses("web1"));
        CheckResult moved = cluster.check("web1", MOVING);
        assertThat(moved.level(SITE, MOVING)).as(moved.toString()).isEqualTo(OK);
        assertThat(ca.log().failedValidations()).isEmpty();
    }

    private boolean isIssued(String host, String site) throws IOException {
        var leaf = Pem.certificates(Files.readString(
                        cluster.store(host).resolve("certs").resolve(site).resolve("fullchain.pem")))
                .getFirst();
        return !leaf.getIssuerX500Principal().equals(leaf.getSubjectX500Principal());
    }
}
