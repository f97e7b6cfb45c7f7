package org.ringcert.it.visitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.it.CaLog;
import org.ringcert.it.StoredVersion;
import org.ringcert.it.Testbed;
import org.ringcert.it.UsesPebble;
import org.ringcert.pki.Pem;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.RenewalSchedule;
import org.ringcert.store.Store;

/**
 * A renewed certificate that clients refuse meets one server, to which the site's name does not lead. The others keep
 * what they have until a person has mended it.
 */
@UsesPebble
class CanaryTest {

    private static final HostName SITE = new HostName("www.example.org");

    /** The site's name leads here. */
    private static final int LEADER = 0;

    /** The first node without visitors. */
    private static final int CANARY = 1;

    @TempDir
    private Path folder;

    private VisitedCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = VisitedCluster.create(folder, 2, SITE.value());
        trust();
        judge("exit 0");
        cluster.testbed()
                .editConfiguration(text -> text.replaceFirst("ca-file = \".*\"", "ca-file = \"" + roots() + "\"")
                        .replace("[check]\n", "[check]\ncanary = [\"sh\", \"" + judge() + "\"]\n"));
        cluster.startServers();
        cluster.awaitServed();
    }

    @AfterEach
    void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    private Path roots() {
        return folder.resolve("roots.pem");
    }

    private Path judge() {
        return folder.resolve("judge.sh");
    }

    /** Makes all servers trust the CA as it is now: its https, and the certificates that it issues. */
    private void trust() throws IOException {
        Files.writeString(
                roots(),
                Files.readString(cluster.testbed().ca().caFile())
                        + Pem.write(cluster.testbed().ca().roots()));
    }

    /** Changes what the command in {@code [check]} says. */
    private void judge(String script) throws IOException {
        Files.writeString(judge(), script + "\n");
    }

    private X509Certificate installed(int node) throws Exception {
        return StoredVersion.current(cluster.testbed(), node, 0).leaf();
    }

    /** Lets the time come that a node has chosen in its window. */
    private void letRenewalBeDue(int node) throws Exception {
        CertificateVersion version = StoredVersion.current(cluster.testbed(), node, 0);
        // Which of two certificates is newer is seen by whole seconds.
        await("a second since the last certificate")
                .atMost(Testbed.TIMEOUT)
                .until(() -> Instant.now().isAfter(version.notBefore().plusSeconds(2)));
        Instant now = Instant.now();
        Store.open(cluster.testbed().cluster().store(node), Clock.systemUTC())
                .saveRenewalSchedule(
                        version,
                        new RenewalSchedule(
                                Optional.of(new RenewalSchedule.Suggestion(
                                        now.minus(Duration.ofHours(1)),
                                        now.plus(Duration.ofHours(1)),
                                        Optional.empty(),
                                        now.minusSeconds(1))),
                                now.plus(Duration.ofHours(5)),
                                0));
    }

    private String renew(int node, int expectedStatus) throws Exception {
        return cluster.testbed().runCommand(node, expectedStatus, "renew");
    }

    private HostName name(int node) {
        return cluster.testbed().cluster().node(node);
    }

    private int orders() throws IOException {
        return CaLog.of(cluster.testbed().ca()).orders();
    }

    @Test
    void aCertificateThatTheCommandRefusesHoldsUpTheOthersUntilItSaysYes() throws Exception {
        Testbed testbed = cluster.testbed();
        X509Certificate previous = installed(LEADER);
        judge("echo $RINGCERT_SITE $RINGCERT_NODE $RINGCERT_ADDRESS; test -s $RINGCERT_CHAIN || exit 0;"
                + " echo old devices refuse this profile; exit 1");
        letRenewalBeDue(CANARY);
        X509Certificate atCanary = installed(CANARY);

        String canarySays = renew(CANARY, 0);

        assertThat(installed(CANARY)).isNotEqualTo(atCanary);
        assertThat(canarySays).contains("this server renews first", "old devices refuse this profile");
        assertThat(testbed.runCommand(CANARY, 1, "status"))
                .containsIgnoringWhitespaces("the other servers wait with theirs");
        int orders = orders();
        letRenewalBeDue(LEADER);

        String leaderSays = renew(LEADER, 1);

        assertThat(leaderSays)
                .contains("waits with its renewal, because " + name(CANARY))
                .contains("the [check] canary command refuses it: old devices refuse this profile");
        assertThat(installed(LEADER)).isEqualTo(previous);
        assertThat(orders()).isEqualTo(orders);
        assertThat(testbed.runCommand(LEADER, 1, "status"))
                .containsIgnoringWhitespaces("waits with its renewal, because " + name(CANARY));
        assertThat(StatusDocument.of(testbed.runCommand(LEADER, 1, "status", "--json"))
                        .site(SITE.value())
                        .path("failedTest")
                        .path("waits")
                        .asString())
                .isEqualTo("order");

        judge("exit 0");
        renew(LEADER, 0);

        assertThat(installed(LEADER)).isNotEqualTo(previous);
        assertThat(cluster.visitor().visit(cluster.https(LEADER), SITE).certificate())
                .isEqualTo(installed(LEADER));
    }

    @Test
    void aChangedRootMeetsTheCanaryAloneUntilThisSystemTrustsIt() throws Exception {
        X509Certificate previous = installed(LEADER);
        // Pebble makes itself another root at each start.
        cluster.testbed().ca().restart();
        letRenewalBeDue(CANARY);
        renew(CANARY, 0);
        letRenewalBeDue(LEADER);

        assertThat(renew(LEADER, 1)).contains("does not lead to a root that this system trusts");

        assertThat(installed(LEADER)).isEqualTo(previous);
        assertThat(CaLog.of(cluster.testbed().ca()).certificates())
                .as("certificates since the restart")
                .isOne();

        trust();
        renew(LEADER, 0);

        assertThat(installed(LEADER)).isNotEqualTo(previous);
        assertThat(cluster.visitor().visit(cluster.https(LEADER), SITE).certificate())
                .isEqualTo(installed(LEADER));
    }

    /** The canary is not seen, so its bad certificate holds up nothing. This node's own is tested before the switch. */
    @Test
    void visitorsGetNoBadCertificateAlthoughTheCanaryIsNotSeen() throws Exception {
        X509Certificate previous = installed(LEADER);
        cluster.stopWebServer(CANARY);
        cluster.testbed().ca().restart();
        letRenewalBeDue(LEADER);

        assertThat(renew(LEADER, 1)).contains("has a new certificate, but keeps the present one");

        assertThat(installed(LEADER)).isEqualTo(previous);
        renew(LEADER, 1);
        assertThat(CaLog.of(cluster.testbed().ca()).certificates())
                .as("certificates since the restart")
                .isOne();

        trust();
        renew(LEADER, 0);

        assertThat(installed(LEADER)).isNotEqualTo(previous);
        assertThat(CaLog.of(cluster.testbed().ca()).certificates()).isOne();
    }
}
