package org.ringcert.handoff;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the fuzz tests once for each stored input, without the instrumentation that a search needs. */
class FuzzReplayTest {

    private static List<Path> inputs(String directory) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/org/ringcert/handoff", directory))) {
            return files.sorted().toList();
        }
    }

    static List<Path> queries() throws IOException {
        return inputs("RemainingNodesFuzzInputs/decide");
    }

    static List<Path> responses() throws IOException {
        return inputs("PeerFuzzInputs/read");
    }

    @ParameterizedTest
    @MethodSource("queries")
    void queriesLeadToShortWalksBetweenNodes(Path input) throws IOException {
        new RemainingNodesFuzz().decide(Files.readAllBytes(input));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void responsesOfPeersAreInterpretedTheSameInAnyPieces(Path input) throws IOException {
        new PeerFuzz().read(Files.readAllBytes(input));
    }
}
