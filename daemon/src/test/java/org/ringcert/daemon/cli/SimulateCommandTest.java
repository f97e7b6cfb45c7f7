package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SimulateCommandTest {

    @TempDir
    private Path folder;

    @Test
    void countsWhatHappensInAShortTable() {
        CommandRun run = CommandRun.of("simulate", "--nodes", "2", "--sites", "1", "--fault", "none");

        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .startsWith("2 nodes, 1 site in 1 registered domain, 1 year, certificates of 90 days with renewal"
                        + " information, seed 1\nNothing goes wrong.\n")
                .containsPattern("issued +14 +certificates")
                .containsPattern("refused +0 ")
                .containsPattern("expired +0 ");
    }

    @Test
    void sameSeedGivesTheSameDocumentAndAnotherOneAnother() {
        Object[] arguments = {"simulate", "--nodes", "3", "--sites", "4", "--lifetime", "160h", "--json", "--seed", "7"
        };
        String document = CommandRun.of(arguments).out();

        assertThat(CommandRun.of(arguments).out()).isEqualTo(document);
        arguments[arguments.length - 1] = "8";
        assertThat(CommandRun.of(arguments).out()).isNotEqualTo(document);

        JsonNode json = JsonMapper.shared().readTree(document);
        assertThat(json.at("/scenario/nodes").asInt()).isEqualTo(3);
        assertThat(json.at("/scenario/lifetimeSeconds").asInt()).isEqualTo(576_000);
        assertThat(json.at("/issued").asInt()).isGreaterThan(1000);
        assertThat(json.at("/expired").asInt()).isZero();
        assertThat(json.at("/load/mostRequests").asDouble()).isPositive();
        assertThat(json.at("/faults/0/kind").asString()).isNotEmpty();
    }

    @Test
    void drawsAPictureThatIsWellFormed() throws Exception {
        Path file = folder.resolve("years.svg");

        CommandRun run = CommandRun.of("simulate", "--nodes", "2", "--sites", "1", "--fault", "outage", "--svg", file);

        assertThat(run.err()).isEmpty();
        String picture = Files.readString(file);
        assertThat(picture).contains("Certificates issued on each day", "the CA is out of order for five days");
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(picture)))
                        .getElementsByTagName("rect")
                        .getLength())
                .isGreaterThan(10);
    }

    @Test
    void reportsAllMistakesAtOnce() {
        CommandRun run = CommandRun.of(
                "simulate",
                "--nodes",
                "0",
                "--sites",
                "4",
                "--domains",
                "5",
                "--years",
                "101",
                "--lifetime",
                "0d",
                "--kinds",
                "3",
                "--group",
                "x\ny",
                "--seed",
                "first",
                "--fault",
                "fire",
                "--fault",
                "none",
                "--svg",
                folder.resolve("missing/years.svg"));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .containsExactly(
                        "--nodes 0: write a number from 1 to 1000",
                        "--kinds 3: write 1 or 2",
                        "--group x?y: write a number from 1 to 1000",
                        "--years 101: write a number from 1 to 100",
                        "--seed first: write a whole number of at most 18 digits",
                        "--lifetime 0d: write a time from 24h to 400d",
                        "--fault fire: there is no such fault; write one of outage, away, restart, revoke, revoke-all,"
                                + " clock, move, rebuild, rollout, blind, or none",
                        "--fault none: leave out the other faults, or this one",
                        "--domains 5: there are only 4 sites, and each is in one registered domain; write at most that",
                        "--svg " + folder + "/missing/years.svg: there is no directory " + folder
                                + "/missing; create it, or write the file elsewhere");
    }

    @Test
    void reportsWhatIsMissingAndWhatIsTooMuch() {
        assertThat(CommandRun.of("simulate").err().lines())
                .containsExactly(
                        "--nodes is missing: write a number from 1 to 1000",
                        "--sites is missing: write a number from 1 to 50000");
        assertThat(CommandRun.of("simulate", "--nodes", "1000", "--sites", "1001", "--years", "0")
                        .err()
                        .lines())
                .containsExactly(
                        "--years 0: write a number from 1 to 100",
                        "--nodes, --sites and --kinds: these are more than 50,000 certificates at a time, which take"
                                + " too much memory; follow a part of the cluster");
        assertThat(CommandRun.of("simulate", "--nodes", "2", "--sites", "1", "--group", "3", "--svg", folder)
                        .err()
                        .lines())
                .containsExactly(
                        "--group 3: there are only 2 servers; write at most that",
                        "--svg " + folder + ": this is a directory; write the name of a file in it");
        assertThat(CommandRun.of("simulate", "--nodes", "2", "--sites", "1", "--lifetime", "ninety days")
                        .err())
                .startsWith("--lifetime ninety days: write a number and its unit");
    }
}
