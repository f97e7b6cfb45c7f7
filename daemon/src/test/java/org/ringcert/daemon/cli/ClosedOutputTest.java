package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a command does if its standard output cannot be written. */
@Timeout(60)
class ClosedOutputTest extends CommandLineFixture {

    private ProcessBuilder status() throws Exception {
        store();
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Ringcert.class.getName(),
                "status",
                "--json",
                "--config",
                folder.resolve("ringcert.toml").toString(),
                "--node",
                "web0.example.org",
                "--store",
                folder.resolve("store").toString());
    }

    private static String errors(Process process) throws IOException {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void endsSilentlyIfTheReaderHasGone() throws Exception {
        Process process = status().start();
        process.getInputStream().close();
        assertThat(errors(process)).isEmpty();
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void reportsAFullDisk() throws Exception {
        Process process = status().redirectOutput(new File("/dev/full")).start();
        assertThat(errors(process)).contains("cannot be written to standard output: is the disk full?");
        assertThat(process.waitFor()).isEqualTo(1);
    }
}
