package org.ringcert.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.daemon.BuildVersion;
import org.ringcert.daemon.cli.CommandRun;

/** {@code ringcert demo} on the command line. */
class DemoCommandTest {

    private static CommandRun run(String... arguments) {
        return CommandRun.of((Object[]) arguments);
    }

    @Test
    void isListedAndHasHelpAndVersion() {
        assertThat(run("--help").out()).contains("demo");
        assertThat(run("demo", "--help").status()).isZero();
        assertThat(run("demo", "--help").out()).contains("--nodes", "--sites", "--handoff", "--down", "--keep");
        assertThat(run("demo", "--version").out()).contains("ringcert " + BuildVersion.CURRENT);
        assertThat(run("help", "demo").status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo --nodes many", "demo --sites 101", "demo --nodes 21", "demo --nodse 5"})
    void wrongUsageExitsWithTwoAndIsReportedOnStandardError(String line) {
        CommandRun run = run(line.split(" ", -1));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).isNotBlank().doesNotContain("null", "bug in Ringcert");
        assertThat(run.out()).isEmpty();
    }
}
