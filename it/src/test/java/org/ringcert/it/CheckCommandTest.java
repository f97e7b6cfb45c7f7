package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.handoff.HandoffMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ringcert check} on real nodes, whose names are in the DNS of the test CA. */
@UsesPebble
class CheckCommandTest {

    private static final HostName NOWHERE = new HostName("nowhere.example.org");

    @TempDir
    private Path folder;

    @Test
    void allIsWellFromEveryNode() throws Exception {
        try (Testbed testbed = testbed("www.example.org", "shop.example.org blog.example.org", "api.example.org")) {
            testbed.startAllDaemons();
            for (int node = 0; node < 3; node++) {
                String output = testbed.runCommand(node, 0, "check");
                assertThat(output)
                        .contains("Ready: an order by web" + node
                                + ".example.org can be expected to succeed (no failures")
                        .containsPattern("ok +configuration +3 nodes, 3 sites, ")
                        .containsPattern("ok +store +\\S+ belongs to ")
                        .containsPattern("ok +port \\d+ +the daemon answers at ")
                        .containsPattern("ok +clock +agrees with that of ")
                        .containsPattern("ok +unknown token +ends in 404 inside the cluster")
                        .contains("its directory answers; this server has ")
                        .containsPattern(
                                "ok +web" + node + ".example.org +this server: its name leads to it alone, at ")
                        .containsPattern("ok +www.example.org +answered at 127.80.1.1, seen from all 3 nodes")
                        .contains("a peer that does not answer is stepped over");
            }
        }
    }

    @Test
    void everyNodeSeesAndNamesAPeerThatIsDown() throws Exception {
        try (Testbed testbed = testbed("www.example.org", "shop.example.org")) {
            testbed.startDaemons(0, 1);

            assertThat(testbed.runCommand(0, 0, "check"))
                    .containsPattern(
                            "warning +web2.example.org +is down now, and cannot look either: no answer at 127.80.1.3");
        }
    }

    @Test
    void aSiteWhosePeerIsDownFailsAndIsNamedAndTheOthersCanBeCheckedAlone() throws Exception {
        try (Testbed testbed = testbed("www.example.org", "shop.example.org")) {
            testbed.startDaemons(0, 2);

            String output = testbed.runCommand(0, 1, "check");
            assertThat(output)
                    .containsPattern(
                            "failure +shop.example.org +127.80.1.2 port \\d+ refuses the connection; the CA would say: ")
                    .contains("is down now, and cannot look either: no answer at 127.80.1.2")
                    .contains("; shop.example.org leads to it alone and cannot be validated")
                    .contains("Not ready: orders by web0.example.org would fail");
            assertThat(testbed.runCommand(0, 0, "check", "www.example.org")).doesNotContain("shop.example.org");
        }
    }

    @Test
    void aNameThatLeadsNowhereIsAFailureInTextAndJson() throws Exception {
        try (Testbed testbed = testbed("www.example.org " + NOWHERE, "shop.example.org")) {
            testbed.startAllDaemons();
            testbed.ca().clearAddress(NOWHERE);

            assertThat(testbed.runCommand(0, 1, "check")).containsPattern("failure +nowhere.example.org +");

            JsonNode report = new JsonMapper().readTree(testbed.runCommand(0, 1, "check", "--json"));
            assertThat(report.get("node").stringValue()).isEqualTo("web0.example.org");
            assertThat(report.get("ready").booleanValue()).isFalse();
            assertThat(report.get("failures").intValue()).isPositive();
            assertThat(report.get("findings")
                            .valueStream()
                            .filter(finding ->
                                    finding.get("level").stringValue().equals("failure"))
                            .toList())
                    .isNotEmpty()
                    .allSatisfy(finding -> {
                        assertThat(finding.get("topic").stringValue()).isEqualTo("site");
                        assertThat(finding.get("subject").stringValue()).isEqualTo(NOWHERE.value());
                        assertThat(finding.get("remedy").stringValue()).isNotBlank();
                    });
        }
    }

    @Test
    void answersItselfWithoutADaemonAndMakesNoStore() throws Exception {
        try (Testbed testbed = testbed("www.example.org")) {
            testbed.startDaemons(1, 2);

            assertThat(testbed.runCommand(0, 0, "check"))
                    .containsPattern("warning +port \\d+ +no daemon runs on this server")
                    .containsPattern("ok +store +there is none in ")
                    .containsPattern("www.example.org +answered at 127.80.1.1, seen from all 3 nodes");
            assertThat(testbed.cluster().store(0)).doesNotExist();
        }
    }

    @Test
    void anUnknownSiteIsWrongUsage() throws Exception {
        try (Testbed testbed = testbed("www.example.org")) {
            assertThat(testbed.runCommand(0, 2, "check", "blog.example.org"))
                    .contains("blog.example.org is not a site of the configuration");
        }
    }

    @Test
    void aRingWithoutAWatchCannotStepOverAPeerThatIsDown() throws Exception {
        try (Testbed testbed = testbed("api.example.org", "www.example.org")) {
            testbed.editConfiguration(text -> text.replace(
                    "handoff = \"redirect\"", "handoff = \"" + HandoffMode.RING.label() + "\"\nwatch = \"off\""));
            testbed.startDaemons(0, 1);

            assertThat(testbed.runCommand(0, 1, "check"))
                    .containsPattern("failure +web2.example.org +is down now, ")
                    .contains("validations that begin at web1.example.org cannot reach this server: nobody watches");
        }
    }

    private Testbed testbed(String... sites) throws IOException {
        Testbed testbed = Testbed.start(folder, 3, sites);
        testbed.editConfiguration(text -> text.contains("[check]")
                ? text
                : text + "\n[check]\nresolver = \"127.0.0.1:" + testbed.ca().dnsPort() + "\"\n");
        return testbed;
    }
}
