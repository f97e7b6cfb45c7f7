package org.ringcert.it.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.Folders;

/**
 * The unpacked archive of Ringcert 0.1.0. The first test that needs it builds it from the history of this checkout,
 * which takes half a minute, and keeps it in {@link Folders#cache} for later runs.
 */
final class FormerRelease {

    /** The last commit of 0.1.0: the next one has the first change that CHANGELOG.md lists for 0.2.0. */
    private static final String COMMIT = "dc6a0c7f12967d32b0a6a1d1f30ee93fdf4836c8";

    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private FormerRelease() {}

    /**
     * Returns the command that starts {@code ringcert} 0.1.0. Skips the test, with the reason, if it has not been built
     * before and its sources are not in this checkout.
     */
    static synchronized List<String> program() throws IOException {
        Path home = Folders.cache(System.getenv()).resolve("ringcert-0.1.0-" + COMMIT.substring(0, 12));
        Path program = home.resolve("bin/ringcert");
        if (!Files.exists(program)) {
            Files.createDirectories(home.getParent());
            // Other test JVMs wait for the one that builds.
            try (FileChannel channel = FileChannel.open(
                            home.resolveSibling(home.getFileName() + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock _ = channel.lock()) {
                if (!Files.exists(program)) {
                    build(home);
                }
            }
        }
        return List.of(program.toString());
    }

    private static void build(Path home) throws IOException {
        Path work = Files.createTempDirectory("ringcert-0.1.0-");
        try {
            Path checkout = Path.of("..").toRealPath();
            Path sources = Files.createDirectory(work.resolve("sources"));
            Path tar = work.resolve("sources.tar");
            try (ChildProcess git = start(
                    work, "git", "-C", checkout.toString(), "archive", "--output=" + tar, "--format=tar", COMMIT)) {
                boolean found = git.awaitExit(TIMEOUT) == 0;
                assumeTrue(
                        found,
                        "the sources of 0.1.0 are not in this checkout, as in a shallow clone: "
                                + git.output().strip());
            }
            run(work, "tar", "-C", sources.toString(), "-xf", tar.toString());
            System.err.println("building Ringcert 0.1.0 into " + home);
            Path archive = Files.createDirectory(work.resolve("archive"));
            run(work, sources.resolve("ringcert").toString(), "package", archive.toString());
            try (Stream<Path> files = Files.list(archive)) {
                String file = files.findFirst().orElseThrow().toString();
                Folders.fill(
                        home,
                        folder -> run(work, "tar", "-C", folder.toString(), "--strip-components=1", "-xzf", file));
            }
        } finally {
            Folders.delete(work);
        }
    }

    private static void run(Path work, String... command) throws IOException {
        try (ChildProcess process = start(work, command)) {
            assertThat(process.awaitExit(TIMEOUT)).as(process.output()).isZero();
        }
    }

    private static ChildProcess start(Path work, String... command) throws IOException {
        return ChildProcess.start(
                command[0],
                List.of(command),
                Map.of("JAVA_HOME", System.getProperty("java.home")),
                Files.createTempFile(work, "output", ".log"));
    }
}
