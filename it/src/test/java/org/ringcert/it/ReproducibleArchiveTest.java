package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.demo.ChildProcess;
import org.ringcert.it.servers.Archive;

/** Two archives of the same sources are identical, whatever the locale and the load of the machine. */
class ReproducibleArchiveTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    @Test
    void isIdenticalOnABusyMachineAndInAnotherLocale() throws IOException {
        Path first = Archive.file();
        Path second = withBusyThreads(
                () -> Archive.buildAnother(Map.of("LC_ALL", "POSIX", "LANG", "POSIX", "TZ", "Pacific/Kiritimati")));

        assertThat(differences(unpacked(first, "first"), unpacked(second, "second")))
                .as("files of the archives that differ, with the offsets of the differing bytes")
                .isEmpty();
        assertThat(second).hasSameBinaryContentAs(first);
    }

    @Test
    void reportsTheOffsetsOfDifferingBytes() {
        byte[] first = new byte[100];
        byte[] second = new byte[100];
        for (int offset : new int[] {0, 40, 47, 60, 99}) {
            second[offset] = 1;
        }

        assertThat(difference("cache", first, second)).containsExactly("cache: 5 of 100 bytes, at 0, 40-47, 60, 99");
        assertThat(difference("cache", first, new byte[7])).containsExactly("cache: 100 bytes and 7");
        assertThat(difference("cache", first, first)).isEmpty();
    }

    private interface Build {
        Path run() throws IOException;
    }

    /** Runs the build while twice as many threads as there are processors are busy. */
    private static Path withBusyThreads(Build build) throws IOException {
        List<Thread> busy = Stream.generate(() -> Thread.ofPlatform().daemon().start(() -> {
                    while (!Thread.currentThread().isInterrupted()) {
                        Thread.onSpinWait();
                    }
                }))
                .limit(2L * Runtime.getRuntime().availableProcessors())
                .toList();
        try {
            return build.run();
        } finally {
            busy.forEach(Thread::interrupt);
        }
    }

    private Path unpacked(Path archive, String name) throws IOException {
        Path directory = Files.createDirectory(folder.resolve(name));
        try (ChildProcess tar = ChildProcess.start(
                "tar",
                List.of("tar", "-C", directory.toString(), "-xzf", archive.toString()),
                Map.of(),
                folder.resolve(name + ".log"))) {
            assertThat(tar.awaitExit(TIMEOUT)).as(tar.output()).isZero();
        }
        return directory;
    }

    private static List<String> differences(Path first, Path second) throws IOException {
        TreeSet<String> names = new TreeSet<>(files(first));
        names.addAll(files(second));
        List<String> all = new ArrayList<>();
        for (String name : names) {
            if (!Files.exists(first.resolve(name)) || !Files.exists(second.resolve(name))) {
                all.add(name + ": in one archive only");
            } else {
                all.addAll(difference(
                        name, Files.readAllBytes(first.resolve(name)), Files.readAllBytes(second.resolve(name))));
            }
        }
        return all;
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .toList();
        }
    }

    /**
     * Describes where two files differ, as one line, or nothing. Differences less than eight bytes apart form one
     * range.
     */
    private static List<String> difference(String name, byte[] first, byte[] second) {
        if (first.length != second.length) {
            return List.of(name + ": " + first.length + " bytes and " + second.length);
        }
        List<String> ranges = new ArrayList<>();
        int count = 0;
        int start = -1;
        int last = -1;
        for (int offset = 0; offset < first.length; offset++) {
            if (first[offset] == second[offset]) {
                continue;
            }
            count++;
            if (start >= 0 && offset - last >= Long.BYTES) {
                ranges.add(range(start, last));
                start = offset;
            }
            start = start < 0 ? offset : start;
            last = offset;
        }
        if (count == 0) {
            return List.of();
        }
        ranges.add(range(start, last));
        String more = ranges.size() > 50 ? ", ..." : "";
        return List.of(name + ": " + count + " of " + first.length + " bytes, at "
                + String.join(", ", ranges.subList(0, Math.min(50, ranges.size()))) + more);
    }

    private static String range(int start, int last) {
        return start == last ? Integer.toString(start) : start + "-" + last;
    }
}
