package org.ringcert.pki;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the openssl program, as a second opinion, if this machine has it. */
final class OpenSsl {

    private OpenSsl() {}

    /**
     * Returns what openssl prints on both outputs. Skips the test if openssl is not installed.
     *
     * @param folder gets the files {@code input} and {@code output}
     * @param input the program's standard input
     */
    static String run(Path folder, byte[] input, String... arguments) {
        try {
            Path in = Files.write(folder.resolve("input"), input);
            Path out = folder.resolve("output");
            Process process = new ProcessBuilder(Stream.concat(Stream.of("openssl"), Stream.of(arguments))
                            .toList())
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectErrorStream(true)
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("openssl hangs: " + List.of(arguments));
            }
            return Files.readString(out, StandardCharsets.UTF_8);
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("Cannot run program")) {
                System.err.println("SKIPPED: openssl is not installed");
                abort("openssl is not installed");
            }
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
