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

/** Finds and runs other programs of this machine. */
public final class Programs {

    private static final int MAX_TEXT_BYTES = 1 << 20;

    private Programs() {}

    /**
     * Returns the program from the first folder of the search path that has it.
     *
     * @param searchPath as the variable {@code PATH}; relative folders are ignored
     */
    public static Optional<Path> find(String name, String searchPath) {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(searchPath)
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Runs a program to its end and returns its output: standard output and standard error, at most their last MiB.
     *
     * @throws IOException if it cannot be started, fails or exceeds the timeout; the message names the program and, if
     *     it failed, has its last lines of output
     */
    public static String run(List<String> command, Map<String, String> environment, Path folder, Duration timeout)
            throws IOException {
        ProgramResult result = tryRun(command, environment, folder, timeout);
        if (result.status() != 0) {
            throw new IOException(
                    "%s ended with %d: %s".formatted(fileName(command), result.status(), lastLines(result.output())));
        }
        return result.output();
    }

    /** Like {@link #run}, for a program whose exit status need not be 0: the help of a Go program ends with 2. */
    static ProgramResult tryRun(List<String> command, Map<String, String> environment, Path folder, Duration timeout)
            throws IOException {
        // The output goes to a file: a pipe would stay open as long as a grandchild that inherited it.
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
                if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException("%s has not ended in %d s".formatted(fileName(command), timeout.toSeconds()));
                }
                return new ProgramResult(process.exitValue(), read(output, 0));
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

    record ProgramResult(int status, String output) {}

    /** Returns the file's text from a byte offset on, at most its last MiB. What is not UTF-8 is replaced. */
    static String read(Path file, long from) throws IOException {
        // Not a channel: an interrupt would close it.
        try (RandomAccessFile input = new RandomAccessFile(file.toFile(), "r")) {
            long length = input.length();
            long start = Math.max(Math.min(from, length), length - MAX_TEXT_BYTES);
            byte[] bytes = new byte[Math.toIntExact(length - start)];
            input.seek(start);
            input.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** Returns the last five lines that are not blank, joined to one line. */
    static String lastLines(String text) {
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        return String.join("; ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }

    /** Sets the thread's interrupt status and returns the exception to throw. */
    static InterruptedIOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        InterruptedIOException exception = new InterruptedIOException("interrupted");
        exception.initCause(cause);
        return exception;
    }

    private static String fileName(List<String> command) {
        return String.valueOf(Path.of(command.getFirst()).getFileName());
    }
}
