package org.ringcert.it.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.it.view.CheckResult.FAILURE;
import static org.ringcert.it.view.CheckResult.OK;
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
import org.ringcert.dns.ScriptedDns.Behavior;
import org.ringcert.dns.ScriptedDns.Transports;

/** What a check says of names and DNS servers in trouble. */
class DnsTroubleTest {

    private static final String ALIAS = "alias.example.org";
    private static final String DANGLING = "dangling.example.org";
    private static final String SERVFAIL = "servfail.example.org";
    private static final String SERVFAIL_AAAA = "servfail-aaaa.example.org";
    private static final String SILENT = "silent.example.org";
    private static final String MISSING = "missing.example.org";
    private static final String TRUNCATED = "truncated.example.org";

    @TempDir
    private static Path folder;

    private static TestNetwork network;
    private static NetworkDns tcpOnly;
    private static NetworkDns silent;
    private static CheckResult byNames;
    private static CheckResult byTcp;
    private static CheckResult bySilentServer;

    @BeforeAll
    static void check() throws IOException {
        network = TestNetwork.start(folder, "web0", "web1");
        NetworkCluster cluster = new NetworkCluster(
                network,
                Files.createDirectory(folder.resolve("cluster")),
                List.of("web0", "web1"),
                ALIAS,
                DANGLING,
                SERVFAIL,
                SERVFAIL_AAAA,
                SILENT,
                MISSING,
                TRUNCATED);
        String[] web1 = network.addresses("web1");
        network.dns()
                .add(ALIAS, "CNAME", "edge.example.net.")
                .add("edge.example.net", "CNAME", "web1.example.org.")
                .add(DANGLING, "CNAME", "gone.example.net.")
                .addresses(SERVFAIL, web1)
                .fail(SERVFAIL, "ANY", "SERVFAIL")
                .addresses(SERVFAIL_AAAA, network.ipv4("web1"))
                .fail(SERVFAIL_AAAA, "AAAA", "SERVFAIL")
                .addresses(SILENT, web1)
                .behave(SILENT, Behavior.SILENT)
                .addresses(TRUNCATED, web1)
                .behave(TRUNCATED, Behavior.TRUNCATED);
        tcpOnly = network.startDns("192.0.1.2", Transports.TCP_ONLY);
        silent = network.startDns("192.0.1.3", Transports.BOTH).behave(Behavior.SILENT);
        for (String host : List.of("web0", "web1")) {
            tcpOnly.addresses(host + ".example.org", network.addresses(host));
        }
        tcpOnly.addresses(ALIAS, web1);
        cluster.startDaemons("web0", "web1");
        byNames = cluster.check("web0");
        cluster.configure("web0", tcpOnly.asResolver());
        byTcp = cluster.check("web0", ALIAS);
        cluster.configure("web0", silent.asResolver());
        bySilentServer = cluster.check("web0", ALIAS);
    }

    @AfterAll
    static void stop() throws IOException {
        if (network != null) {
            network.close();
        }
    }

    @Test
    void aliasesAreFollowed() {
        assertThat(byNames.level(SITE, ALIAS)).as(byNames.toString()).isEqualTo(OK);
        assertThat(byNames.level(SITE, TRUNCATED)).isEqualTo(OK);
    }

    @Test
    void aliasThatLeadsNowhereAndMissingNameAreFailures() {
        assertThat(byNames.texts(FAILURE, SITE, DANGLING))
                .as(byNames.toString())
                .contains("does not exist in the DNS");
        assertThat(byNames.texts(FAILURE, SITE, MISSING)).contains("does not exist in the DNS");
    }

    @Test
    void servfailIsAFailureUnlessTheOtherFamilyHasAnAddress() {
        assertThat(byNames.texts(FAILURE, SITE, SERVFAIL))
                .as(byNames.toString())
                .contains("SERVFAIL");
        assertThat(byNames.level(SITE, SERVFAIL_AAAA)).isEqualTo(WARNING);
        assertThat(byNames.texts(WARNING, SITE, SERVFAIL_AAAA)).contains("SERVFAIL", "AAAA");
    }

    @Test
    void nameWithoutAResponseIsAFailure() {
        assertThat(byNames.texts(FAILURE, SITE, SILENT))
                .as(byNames.toString())
                .contains(TestNetwork.DNS_ADDRESS + " did not respond");
    }

    @Test
    void serverThatAnswersOverTcpAloneWillDo() throws IOException {
        assertThat(byTcp.level(SITE, ALIAS)).as(byTcp.toString()).isEqualTo(OK);
        assertThat(tcpOnly.queries()).contains("tcp A " + ALIAS, "tcp AAAA " + ALIAS);
    }

    @Test
    void silentServerIsNamed() throws IOException {
        assertThat(bySilentServer.toString()).contains(silent.address() + " did not respond");
        assertThat(silent.queries()).contains("udp A " + ALIAS);
        assertThat(bySilentServer.level("resolver", "resolver")).isEqualTo(WARNING);
        assertThat(bySilentServer.level(SITE, ALIAS)).as("seen from web1 alone").isEqualTo(OK);
    }
}
