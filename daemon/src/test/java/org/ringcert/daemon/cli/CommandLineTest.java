package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.daemon.BuildVersion;
import tools.jackson.databind.json.JsonMapper;

/** The exit status and output of commands, run in this process, whatever the store contains. */
class CommandLineTest extends CommandLineFixture {

    @Test
    void versionAndHelpExitWith0() {
        assertThat(run("--version").status()).isZero();
        assertThat(run("--version").out()).contains("ringcert " + BuildVersion.CURRENT);
        CommandRun help = run("--help");
        assertThat(help.status()).isZero();
        assertThat(help.out()).contains("run", "renew", "status", "Exit status");
        for (String command : List.of("setup", "run", "renew", "status", "web", "import")) {
            assertThat(run(command, "--help").status()).isZero();
            assertThat(run(command, "--version").out()).contains("ringcert " + BuildVersion.CURRENT);
            assertThat(run("help", command).status()).isZero();
        }
        assertThat(run("revoke", "--help").status()).isZero();
        assertThat(run("revoke", "-V").out()).contains("ringcert " + BuildVersion.CURRENT);
        assertThat(run("renew", "--help").out()).contains("--force", "--dry-run", "--config", "--node", "--store");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--frce",
                "renwe",
                "renew --frce",
                "renew --force=maybe",
                "revoke",
                "revoke www.example.org shop.example.org",
                "revoke www.example.org --version",
                "status --jsno",
                "run now",
                "web",
                "import",
                "import dehydrated",
                "import dehydrated /etc/dehydrated more",
                "setup --ca"
            })
    void wrongUsageExitsWith2AndIsReportedOnStandardError(String line) {
        CommandRun result = run(line.isEmpty() ? new String[0] : line.split(" ", -1));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).isNotBlank().doesNotContain("null", "defect", "bug in Ringcert");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void withoutTheDemosJarTheDemoIsNotListedAndSaysWhereItIs() {
        assertThat(run("--help").out()).doesNotContain("demo");
        for (String line : List.of("demo", "demo --nodes 5 --down web1", "demo web1")) {
            CommandRun result = run(line.split(" ", -1));
            assertThat(result.status()).isEqualTo(2);
            assertThat(result.err())
                    .isEqualTo("The demo is part of the source checkout: run ./ringcert demo there."
                            + System.lineSeparator());
            assertThat(result.out()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "renew", "renew --dry-run", "status"})
    void everyMistakeInTheFileIsReportedAndNoStoreIsCreated(String line) throws Exception {
        Path file = folder.resolve("ringcert.toml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("agree-to-terms = true", "agree-to-terms = false\nkye = \"ec256\"")
                        .replace("shop.example.org", "*.example.org"));

        CommandRun result = onNode(line.split(" ", -1));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("agree-to-terms", "kye", "did you mean", "wildcard");
        assertThat(result.out()).isEmpty();
        assertThat(folder.resolve("store")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "renew", "status"})
    void aMissingFileAnUnknownNodeAndABadCaFileExitWith2(String command) throws Exception {
        String file = folder.resolve("ringcert.toml").toString();
        String store = folder.resolve("store").toString();
        CommandRun missing = run(command, "--config", folder.resolve("no.toml").toString(), "--store", store);
        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.err()).contains("no.toml");
        CommandRun stranger = run(command, "--config", file, "--node", "web7.example.org", "--store", store);
        assertThat(stranger.status()).isEqualTo(2);
        assertThat(stranger.err()).contains("web7.example.org", "web0.example.org");

        for (String content : List.of("no PEM", "")) {
            Files.writeString(folder.resolve("ca.pem"), content);
            Files.writeString(
                    folder.resolve("ringcert.toml"),
                    Files.readString(folder.resolve("ringcert.toml"))
                            .replaceAll(
                                    "(ca-file.*)?\nagree", "\nca-file = \"" + folder.resolve("ca.pem") + "\"\nagree"));
            CommandRun noPem = onNode(command);
            assertThat(noPem.status()).isEqualTo(2);
            assertThat(noPem.err()).contains("ca.pem").matches("(?s).*ringcert.toml:\\d+:1: `ca-file`.*");
        }
        assertThat(folder.resolve("store")).doesNotExist();
    }

    @Test
    void anUnknownSiteExitsWith2AndTheSitesAreListed() {
        for (String site : List.of("nothing.example.org", "*.example.org", "-")) {
            CommandRun result = onNode("renew", site);
            assertThat(result.status()).isEqualTo(2);
            assertThat(result.err()).contains(site);
        }
        assertThat(onNode("renew", "nothing.example.org").err()).contains("www.example.org", "shop.example.org");
        assertThat(folder.resolve("store")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"renew --dry-run", "status", "status --json"})
    void onlyADryRunReportsNotices(String line) throws Exception {
        CommandRun without = onNode(line.split(" ", -1));
        Files.writeString(
                folder.resolve("ringcert.toml"), "[admin]\nlisten = \"[::]:9402\"\n", StandardOpenOption.APPEND);

        CommandRun with = onNode(line.split(" ", -1));

        assertThat(without.err()).isEmpty();
        if (line.contains("dry-run")) {
            assertThat(with.err())
                    .startsWith(folder.resolve("ringcert.toml") + ":14:1: note: `listen`, \"[::]:9402\": everybody");
        } else {
            assertThat(with.err()).isEmpty();
        }
        assertThat(with.status()).isEqualTo(without.status());
        assertThat(with.out()).doesNotContain("admin");
        if (line.endsWith("--json")) {
            assertThat(JsonMapper.shared().readTree(with.out()).path("node").asString())
                    .isEqualTo("web0.example.org");
        }
    }
}
