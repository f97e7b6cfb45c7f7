package org.ringcert.daemon.snippets;

import java.io.IOException;
import java.io.InputStream;
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

/** A web server's own program, asked what its configuration is. */
final class ServerProgram {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MOST_BYTES = 1 << 24;
    private static final int MOST_LINES = 4;

    /** Where the programs are that only root has in the PATH. */
    private static final List<String> SYSTEM = List.of("/usr/sbin", "/usr/local/sbin", "/sbin");

    /** When and which process, as nginx and HAProxy write it. */
    private static final Pattern STAMP = Pattern.compile(
            "^(?:[0-9/]+ [0-9:]+ \\[[a-z]+\\] [0-9]+#[0-9]+: |\\[[A-Z]+\\] *\\([0-9]+\\) : (?:config : )?)");

    /** What HAProxy says in any case. */
    private static final Pattern IDLE =
            Pattern.compile("^\\[NOTICE\\].*|.* : (?:Error\\(s\\)|Fatal errors) found in configuration.*");

    private ServerProgram() {}

    /**
     * What it says on its standard output.
     *
     * @throws IOException if it is not installed, takes too long, or fails; the message says so
     */
    static String output(String name, String... arguments) throws IOException {
        return output(Map.of(), name, arguments);
    }

    /**
     * Where it is installed.
     *
     * @throws IOException if it is not; the message says so
     */
    static Path installed(String name) throws IOException {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(":", -1)), SYSTEM.stream())
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException(name + " is not installed here"));
    }

    /** The same with these variables besides those of this process. */
    static String output(Map<String, String> environment, String name, String... arguments) throws IOException {
        Path program = installed(name);
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        String called = name + " " + String.join(" ", arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        FutureTask<String> complaints = new FutureTask<>(() -> text(process.getErrorStream()));
        Thread.startVirtualThread(complaints);
        try (InputStream said = process.getInputStream();
                TimeLimit limit = TimeLimit.closeAfter(PATIENCE, process::destroyForcibly)) {
            String text = text(said);
            int status = process.waitFor();
            if (limit.hasExpired()) {
                throw new IOException("`" + called + "` did not end within " + PATIENCE.toSeconds() + " seconds");
            }
            if (status != 0) {
                throw new IOException("`" + called + "` ended with status " + status + complaint(complaints.get()));
            }
            return text;
        } catch (ExecutionException e) {
            throw new IOException("`" + called + "` could not be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException(called);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String text(InputStream said) throws IOException {
        return new String(said.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    }

    /** The last that it said, in a line, and what helps where that is certain. */
    private static String complaint(String said) {
        List<String> lines = said.lines()
                .map(line -> line.replaceAll("[\\p{Cntrl}\\s]+", " ").strip())
                .filter(line -> !IDLE.matcher(line).matches())
                .map(line -> STAMP.matcher(line).replaceFirst(""))
                .filter(line -> !line.isEmpty())
                .toList();
        String last = String.join(" / ", lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size()));
        return (last.isEmpty() ? "" : " and says: " + last)
                + (said.contains("Permission denied") ? "; try it as root" : "");
    }
}
