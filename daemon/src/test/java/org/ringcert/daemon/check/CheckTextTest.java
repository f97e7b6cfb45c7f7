package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.CheckFinding.Topic;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CheckTextTest {

    private static final HostName SELF = new HostName("web0.example.org");

    @Test
    void whatIsWellTakesOneLineForEachSubjectAndTheRestALineEachWithItsRemedy() {
        CheckReport report = new CheckReport(
                SELF,
                List.of(
                        CheckFinding.ok(Topic.SITE, "www.example.org", "answered at 192.0.2.1"),
                        CheckFinding.failure(Topic.SITE, "shop.example.org", "nothing answers", "Start it."),
                        CheckFinding.ok(Topic.HTTPS, "www.example.org", "https has a certificate"),
                        CheckFinding.warning(Topic.HTTPS, "shop.example.org", "it expires", "")));

        assertThat(CheckText.of(report)).isEqualTo("""
                ok       www.example.org   answered at 192.0.2.1; https has a certificate
                failure  shop.example.org  nothing answers
                           Start it.
                warning  shop.example.org  it expires
                Not ready: orders by web0.example.org would fail (1 failure, 1 warning).
                """);
    }

    @Test
    void whatManySitesHaveInCommonIsPrintedOnce() {
        List<CheckFinding> findings = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            findings.add(CheckFinding.ok(Topic.SITE, "s" + i + ".example.org", "answered"));
            findings.add(CheckFinding.warning(Topic.HTTPS, "s" + i + ".example.org", "self-signed", "Wait."));
        }

        String text = CheckText.of(new CheckReport(SELF, findings));

        assertThat(text.lines()).hasSize(100 + 3 + 1);
        assertThat(text).containsOnlyOnce("self-signed").containsPattern("warning +100 times +self-signed");
        assertThat(text).contains("This is about s0.example.org, s1.example.org, ", "s99.example.org.");
        assertThat(text)
                .endsWith("Ready: an order by web0.example.org can be expected to succeed"
                        + " (no failures, 100 warnings).\n");
    }

    @Test
    void whatDiffersInTheSubjectAloneIsPrintedOnce() {
        List<CheckFinding> findings = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String name = "s" + i + ".example.org";
            findings.add(CheckFinding.failure(
                    Topic.SITE, name, "refused: Fetching http://" + name + "/x", "Remove it from " + name + "."));
        }

        assertThat(CheckText.of(new CheckReport(SELF, findings))).startsWith("""
                failure  20 times         refused: Fetching http://NAME/x
                           Remove it from NAME.
                           NAME is each of s0.example.org, s1.example.org,\s""");
    }

    @Test
    void jsonHasEveryFindingWithStableWords() {
        CheckReport report = new CheckReport(
                SELF,
                List.of(
                        CheckFinding.ok(Topic.UNKNOWN_TOKEN, "unknown token", "ends in 404"),
                        CheckFinding.failure(Topic.CAA, "www.example.org", "excluded", "Publish a record.")));

        JsonNode json = new JsonMapper().readTree(CheckJson.of(report));

        assertThat(json.get("node").stringValue()).isEqualTo("web0.example.org");
        assertThat(json.get("ready").booleanValue()).isFalse();
        assertThat(json.get("failures").intValue()).isOne();
        assertThat(json.get("warnings").intValue()).isZero();
        assertThat(json.get("findings").get(0).toString())
                .isEqualTo("{\"level\":\"ok\",\"topic\":\"unknown-token\",\"subject\":\"unknown token\","
                        + "\"text\":\"ends in 404\"}");
        assertThat(json.get("findings").get(1).get("remedy").stringValue()).isEqualTo("Publish a record.");
    }

    @Test
    void isNotReadyIfNobodyCouldTryAName() {
        CheckReport report = new CheckReport(
                SELF,
                List.of(
                        CheckFinding.ok(Topic.SITE, "www.example.org", "answered"),
                        CheckFinding.untried(Topic.SITE, "shop.example.org", "nobody could validate", "")));

        assertThat(CheckText.of(report))
                .endsWith("Not known: nobody could try shop.example.org, so an order by web0.example.org may succeed"
                        + " or fail (no failures, 1 warning).\n");
        assertThat(new JsonMapper()
                        .readTree(CheckJson.of(report))
                        .get("untried")
                        .toString())
                .isEqualTo("[\"shop.example.org\"]");
    }
}
