package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Configuration files for tests: a snippet, and around it what a file needs besides. */
final class ConfigurationText {

    private static final String NODES = """
            [[node]]
            name = "web0.example.org"
            [[node]]
            name = "web1.example.org"
            """;
    private static final String SITES = """
            [[site]]
            names = ["www.example.org"]
            """;
    private static final String ACME = """
            [acme]
            directory = "letsencrypt"
            agree-to-terms = true
            """;

    private ConfigurationText() {}

    /** The snippet first, so that its lines keep their numbers, then the needed tables that it does not have. */
    static String completed(String snippet) {
        return snippet + "\n"
                + (snippet.contains("[node]") || snippet.contains("node =") ? "" : NODES)
                + (snippet.contains("[site]") || snippet.contains("site =") ? "" : SITES)
                + (snippet.contains("[acme]") || snippet.contains("acme =") ? "" : ACME);
    }

    static Configuration load(Path directory, String text) throws ConfigurationException {
        return load(directory, text.getBytes(StandardCharsets.UTF_8));
    }

    static Configuration load(Path directory, byte[] text) throws ConfigurationException {
        Path file = directory.resolve("ringcert.toml");
        try {
            Files.write(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ConfigurationLoader.load(file);
    }

    static List<String> mistakes(Path directory, String text) {
        return mistakes(directory, text.getBytes(StandardCharsets.UTF_8));
    }

    /** As {@code LINE:COLUMN: message}; fails where the text loads. */
    static List<String> mistakes(Path directory, byte[] text) {
        return catchThrowableOfType(ConfigurationException.class, () -> load(directory, text)).mistakes().stream()
                .map(Finding::toString)
                .toList();
    }
}
