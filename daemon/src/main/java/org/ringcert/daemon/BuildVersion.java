package org.ringcert.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version of this program. */
public final class BuildVersion {

    /** The project's version in the Maven build, without the suffix of unreleased versions. */
    public static final String CURRENT = read().replace("-SNAPSHOT", "");

    private BuildVersion() {}

    /** Reads the file {@code version} beside this class, into which Maven writes the version. */
    private static String read() {
        try (InputStream in = BuildVersion.class.getResourceAsStream("version")) {
            if (in == null) {
                throw new IllegalStateException("the build has no version");
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
