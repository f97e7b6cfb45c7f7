package org.ringcert.daemon.front;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the fuzz target with its stored inputs and the table of hostile requests, without the instrumentation that a
 * search for new inputs needs.
 */
class RequestFuzzReplayTest {

    private static final Path INPUTS = Path.of("src/test/resources/org/ringcert/daemon/front/RequestFuzzInputs/decide");

    static List<Path> inputs() throws IOException {
        try (Stream<Path> files = Files.list(INPUTS)) {
            return files.sorted().toList();
        }
    }

    static List<HostileRequest> table() throws IOException {
        return HostileRequestsTest.all();
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void storedInputsPass(Path input) throws IOException {
        new RequestFuzz().decide(Files.readAllBytes(input));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void hostileRequestsPass(HostileRequest row) {
        byte[] bytes = row.bytes();
        byte[] input = new byte[1 + bytes.length];
        System.arraycopy(bytes, 0, input, 1, bytes.length);
        new RequestFuzz().decide(input);
    }
}
