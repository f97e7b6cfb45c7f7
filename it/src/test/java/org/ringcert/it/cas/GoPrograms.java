package org.ringcert.it.cas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ringcert.demo.Folders;
import org.ringcert.demo.Programs;

/** Programs that Go builds from source, each once, into the cache. */
final class GoPrograms {

    /** On two cores, Caddy takes three minutes. */
    private static final Duration TIMEOUT = Duration.ofMinutes(15);

    private GoPrograms() {}

    /** Returns where the program is, once it has been built. */
    static Path path(String program, String version) {
        return folder(program, version).resolve(program);
    }

    /**
     * Builds a program with the Go that is installed, without cgo, unless it is in the cache.
     *
     * @param packageName what to build; its last segment is the program
     * @param version such as {@code 0.30.2}
     * @throws IOException if there is no Go, or the build fails; the message is one line
     */
    static void build(String packageName, String version, Consumer<String> progress) throws IOException {
        String program = packageName.substring(packageName.lastIndexOf('/') + 1);
        if (Files.isExecutable(path(program, version))) {
            return;
        }
        Path go = Programs.find("go", System.getenv().getOrDefault("PATH", ""))
                .orElseThrow(() -> new IOException("no Go in PATH to build " + program + " " + version));
        progress.accept("building %s %s into %s".formatted(program, version, folder(program, version)));
        Folders.fill(folder(program, version), built -> {
            Map<String, String> environment = Map.of(
                    // The Go that is installed, so that it does not fetch a newer one.
                    "GOTOOLCHAIN", "local", "GOFLAGS", "", "CGO_ENABLED", "0", "GOBIN", built.toString());
            Programs.run(List.of(go.toString(), "install", packageName + "@v" + version), environment, built, TIMEOUT);
        });
        if (!Files.isExecutable(path(program, version))) {
            throw new IOException("Go built no " + program + " in " + folder(program, version));
        }
    }

    private static Path folder(String program, String version) {
        return Folders.cache(System.getenv()).resolve(program + "-" + version);
    }
}
