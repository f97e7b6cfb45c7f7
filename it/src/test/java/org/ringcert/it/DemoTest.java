package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.NodeProcess;

/** {@code ringcert demo} as a process. */
@UsesPebble
class DemoTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aDemoThatIsInterruptedLeavesNoFiles(String signal) throws IOException {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        try (ChildProcess demo = NodeProcess.start(
                "demo",
                List.of("-Djava.io.tmpdir=" + temporary),
                List.of("demo", "--nodes", "2", "--sites", "1", "--keep"),
                folder.resolve("output"))) {
            demo.awaitLine(line -> line.contains("until you press Ctrl-C"), Testbed.TIMEOUT);
            assertThat(names(temporary)).hasSize(2);

            demo.signal(signal);

            demo.awaitExit(Testbed.TIMEOUT);
            assertThat(names(temporary)).isEmpty();
        }
    }

    /** The JVM keeps files of its own there while it runs. */
    private static List<String> names(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("ringcert-"))
                    .toList();
        }
    }
}
