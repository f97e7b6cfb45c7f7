package org.ringcert.daemon.snippets;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ringcert.http.TimeLimit;

/** Runs a web server's own program to query its configuration. */
final class ServerProgram {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int MAX_OUTPUT_BYTES = 1 << 24;
    private static final int MAX_SHOWN_LINES = 4;

    /** Folders with programs that only root has in the PATH. */
    private static final List<String> SYSTEM_FOLDERS = List.of("/usr/sbin", "/usr/local/sbin", "/sbin");

    /** The timestamp and process ID with which nginx and HAProxy begin a line. */
    private static final Pattern PREFIX = Pattern.compile(
            "^(?:[0-9/]+ [0-9:]+ \\[[a-z]+\\] [0-9]+#[0-9]+: |\\[[A-Z]+\\] *\\([0-9]+\\) : (?:config : )?)");

    /** Lines that HAProxy prints in any case. */
    private static final Pattern NOISE =
            Pattern.compile("^\\[NOTICE\\].*|.* : (?:Error\\(s\\)|Fatal errors) found in configuration.*");

    private ServerProgram() {}

    /**
     * Runs a program and returns its standard output.
     *
     * @throws IOException if it is not installed, takes too long or fails; the message says which
     */
    static String output(String name, String... arguments) throws IOException {
        return output(Map.of(), name, arguments);
    }

    /**
     * Returns the path of an installed program.
     *
     * @throws IOException if it is not installed; the message says so
     */
    static Path installed(String name) throws IOException {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(":", -1)), SYSTEM_FOLDERS.stream())
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException(name + " is not installed here"));
    }

    /** Does the same with these environment variables in addition to those of this process. */
    static String output(Map<String, String> environment, String name, String... arguments) throws IOException {
        Path program = installed(name);
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        String commandLine = name + " " + String.join(" ", arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        FutureTask<String> errors = new FutureTask<>(() -> text(process.getErrorStream()));
        Thread.startVirtualThread(errors);
        try (InputStream output = process.getInputStream();
                TimeLimit limit = TimeLimit.closeAfter(TIMEOUT, process::destroyForcibly)) {
            String text = text(output);
            int status = process.waitFor();
            if (limit.hasExpired()) {
                throw new IOException(
                        "`" + commandLine + "` did not finish within " + TIMEOUT.toSeconds() + " seconds");
            }
            if (status != 0) {
                throw new IOException("`" + commandLine + "` exited with status " + status + lastLines(errors.get()));
            }
            return text;
        } catch (ExecutionException e) {
            throw new IOException("`" + commandLine + "` could not be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(commandLine);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readNBytes(MAX_OUTPUT_BYTES), StandardCharsets.UTF_8);
    }

    /** Returns the last lines of the output as one line, with a remedy where it is certain. */
    private static String lastLines(String output) {
        List<String> lines = output.lines()
                .map(line -> line.replaceAll("[\\p{Cntrl}\\s]+", " ").strip())
                .filter(line -> !NOISE.matcher(line).matches())
                .map(line -> PREFIX.matcher(line).replaceFirst(""))
                .filter(line -> !line.isEmpty())
                .toList();
        String last = String.join(" / ", lines.subList(Math.max(0, lines.size() - MAX_SHOWN_LINES), lines.size()));
        return (last.isEmpty() ? "" : " and printed: " + last)
                + (output.contains("Permission denied") ? "; try it as root" : "");
    }
}
