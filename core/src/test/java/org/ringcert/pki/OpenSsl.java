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

/** Asks another implementation for its opinion, where there is one on this machine. */
final class OpenSsl {

    private OpenSsl() {}

    /**
     * What openssl says, on both of its outputs, about the file that the last argument names; the test is skipped where
     * there is no openssl.
     */
    static String says(Path folder, byte[] input, String... arguments) {
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
                System.err.println("SKIPPED: there is no openssl on this machine to check what was made");
                abort("there is no openssl on this machine");
            }
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
