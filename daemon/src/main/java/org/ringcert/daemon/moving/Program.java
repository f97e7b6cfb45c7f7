package org.ringcert.daemon.moving;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** An ACME program that a server moves in from. */
public enum Program {
    DEHYDRATED,
    CERTBOT;

    /** Its name on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The program of that name, or nothing where there is none. */
    public static Optional<Program> named(String label) {
        return Arrays.stream(values())
                .filter(program -> program.label().equals(label))
                .findFirst();
    }

    /** What it has in that folder. What cannot be used is noted in {@code files}, and left out. */
    Installation read(Path folder, SourceFiles files) throws SourceException {
        return switch (this) {
            case DEHYDRATED -> new Dehydrated(folder, files).read();
            case CERTBOT -> new Certbot(folder, files).read();
        };
    }
}
