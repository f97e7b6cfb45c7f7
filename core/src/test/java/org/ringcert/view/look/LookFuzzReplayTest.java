package org.ringcert.view.look;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the fuzz tests once for each stored input, without the instrumentation that a search needs. */
class LookFuzzReplayTest {

    private static List<Path> inputs(String directory) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/org/ringcert/view/look", directory))) {
            return files.sorted().toList();
        }
    }

    static List<Path> queries() throws IOException {
        return inputs("LookQueryFuzzInputs/parse");
    }

    static List<Path> reports() throws IOException {
        return inputs("LookJsonFuzzInputs/read");
    }

    @ParameterizedTest
    @MethodSource("queries")
    void queriesNameNothingThatIsNotConfigured(Path input) throws IOException {
        new LookQueryFuzz().parse(Files.readAllBytes(input));
    }

    @ParameterizedTest
    @MethodSource("reports")
    void reportsAreSafeToPrint(Path input) throws IOException {
        new LookJsonFuzz().read(Files.readAllBytes(input));
    }
}
