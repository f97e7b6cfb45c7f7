package org.ringcert.demo;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Other programs of this machine: where they are, and what they say. */
final class Programs {

    private static final int TEXT_LIMIT = 1 << 20;

    private Programs() {}

    /** The program of that name in the first folder of a search path that has it. */
    static Optional<Path> find(String name, String searchPath) {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(searchPath)
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Runs it to its end and returns all that it said, on both streams.
     *
     * @throws IOException if it cannot be started, fails or takes longer; the message names it and ends with its last
     *     words
     */
    static String run(List<String> command, Map<String, String> environment, Path folder, Duration atMost)
            throws IOException {
        Outcome outcome = runAnyway(command, environment, folder, atMost);
        if (outcome.status() != 0) {
            throw new IOException(
                    "%s ended with %d: %s".formatted(brief(command), outcome.status(), end(outcome.said())));
        }
        return outcome.said();
    }

    /** As {@link #run}, but it may fail: the help of a Go program ends with 2. */
    static Outcome runAnyway(List<String> command, Map<String, String> environment, Path folder, Duration atMost)
            throws IOException {
        // Into a file: a pipe that a grandchild has inherited may never end.
        Path output = Files.createTempFile("ringcert-", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException("%s has not ended in %d s".formatted(brief(command), atMost.toSeconds()));
                }
                return new Outcome(process.exitValue(), text(output, 0));
            } catch (InterruptedException e) {
                throw interrupted(e);
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } finally {
            Files.deleteIfExists(output);
        }
    }

    record Outcome(int status, String said) {}

    /** The file from that byte on, or the last MiB of that, whatever its encoding. */
    static String text(Path file, long from) throws IOException {
        // Not by a channel, which an interrupt would close.
        try (RandomAccessFile input = new RandomAccessFile(file.toFile(), "r")) {
            long length = input.length();
            long begin = Math.max(Math.min(from, length), length - TEXT_LIMIT);
            byte[] bytes = new byte[Math.toIntExact(length - begin)];
            input.seek(begin);
            input.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** The last lines of a text, in one. */
    static String end(String text) {
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        return String.join("; ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }

    static InterruptedIOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        InterruptedIOException exception = new InterruptedIOException("interrupted");
        exception.initCause(cause);
        return exception;
    }

    private static String brief(List<String> command) {
        return String.valueOf(Path.of(command.getFirst()).getFileName());
    }
}
