package org.ringcert.daemon.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the fuzz target once with each kept input, without the instrumentation that fuzzing needs. */
class FuzzReplayTest {

    private static final Path INPUTS =
            Path.of("src/test/resources/org/ringcert/daemon/config/ConfigurationFuzzInputs/load");

    @TempDir
    private Path directory;

    static List<Path> inputs() throws IOException {
        try (Stream<Path> files = Files.list(INPUTS)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void keptInputsPass(Path input) throws IOException {
        ConfigurationFuzz fuzz = new ConfigurationFuzz();
        fuzz.directory = directory;
        fuzz.load(Files.readAllBytes(input));
    }
}
