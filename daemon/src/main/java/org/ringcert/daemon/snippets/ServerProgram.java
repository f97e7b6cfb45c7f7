package org.ringcert.daemon.snippets;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ringcert.http.TimeLimit;

/** A web server's own program, asked what its configuration is. */
final class ServerProgram {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MOST_BYTES = 1 << 24;

    /** Where the programs are that only root has in the PATH. */
    private static final List<String> SYSTEM = List.of("/usr/sbin", "/usr/local/sbin", "/sbin");

    private ServerProgram() {}

    /**
     * What it says on its standard output.
     *
     * @throws IOException if it is not installed, takes too long, or fails; the message says so
     */
    static String output(String name, String... arguments) throws IOException {
        String path = System.getenv().getOrDefault("PATH", "");
        Path program = Stream.concat(Stream.of(path.split(":", -1)), SYSTEM.stream())
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException(name + " is not installed here"));
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        String called = name + " " + String.join(" ", arguments);
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream said = process.getInputStream();
                TimeLimit limit = TimeLimit.of(PATIENCE, process::destroyForcibly)) {
            String text = new String(said.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (limit.isOver()) {
                throw new IOException("`" + called + "` did not end within " + PATIENCE.toSeconds() + " seconds");
            }
            if (status != 0) {
                throw new IOException("`" + called + "` ended with status " + status + "; try it as root");
            }
            return text;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException(called);
        } finally {
            process.destroyForcibly();
        }
    }
}
