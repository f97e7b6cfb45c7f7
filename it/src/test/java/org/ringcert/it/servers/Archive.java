package org.ringcert.it.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ringcert.demo.ChildProcess;

/** What {@code ./ringcert package} makes of these sources, made once for all tests of a run. */
public final class Archive {

    private static final Duration LONG = Duration.ofMinutes(5);

    private Archive() {}

    /** A folder with the archive and nothing else. */
    public static Path folder() {
        return Made.FOLDER;
    }

    /** The archive. */
    public static Path file() throws IOException {
        return only(folder());
    }

    /** One made anew, in a folder of its own, with more in the environment. */
    public static Path buildAnother(Map<String, String> environment) throws IOException {
        return only(make(environment));
    }

    private static Path only(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findFirst().orElseThrow();
        }
    }

    private static Path make(Map<String, String> environment) throws IOException {
        Path target = Files.createDirectories(Path.of("target")).toAbsolutePath();
        Path folder = Files.createTempDirectory(target, "archive-");
        Map<String, String> all = new HashMap<>(environment);
        all.put("JAVA_HOME", System.getProperty("java.home"));
        ChildProcess packing = ChildProcess.start(
                "ringcert package",
                List.of(Path.of("..", "ringcert").toRealPath().toString(), "package", folder.toString()),
                all,
                folder.resolveSibling(folder.getFileName() + ".log"));
        assertThat(packing.awaitExit(LONG)).as(packing.output()).isZero();
        return folder;
    }

    private static final class Made {
        static final Path FOLDER = once();

        private static Path once() {
            try {
                return make(Map.of());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
