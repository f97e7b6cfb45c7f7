package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.ringcert.json.JsonFormat;
import tools.jackson.databind.JsonNode;

class PlanCommandTest extends CommandLineFixture {

    @Test
    void pictureInAFolderThatIsMissingIsWrongUsage() {
        CommandRun run =
                onNode("plan", "--svg", folder.resolve("missing/plan.svg").toString());

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("--svg ", "there is no directory " + folder.resolve("missing"), "create it");
    }

    @Test
    void pictureThatIsADirectoryIsWrongUsage() {
        CommandRun run = onNode("plan", "--svg", folder.toString());

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("this is a directory; write the name of a file in it");
    }

    @Test
    void fileWithMistakesIsWrongConfiguration() throws Exception {
        Path file = Files.writeString(folder.resolve("new.toml"), "[acme]\ndirectory = 5\n");

        assertThat(run("plan", "--config", file.toString()).status()).isEqualTo(2);
    }

    @Test
    void plansWithoutAStoreAndSaysWhoDoesNotAnswer() throws Exception {
        Path picture = folder.resolve("plan.svg");

        CommandRun run = onNode("plan", "--json", "--svg", picture.toString());

        assertThat(run.status()).as(run.err()).isZero();
        JsonNode plan = JsonFormat.DEFAULT.read(run.out());
        assertThat(plan.path("node").stringValue()).isEqualTo("web0.example.org");
        assertThat(plan.path("certificates").size()).isPositive();
        assertThat(plan.path("remarks").path(0).stringValue()).startsWith("The CA does not answer");
        assertThat(plan.path("remarks").path(1).stringValue()).startsWith("web1.example.org did not answer");
        assertThat(picture).content().startsWith("<?xml");
        assertThat(Files.exists(folder.resolve("store/certificates"))).isFalse();
    }
}
