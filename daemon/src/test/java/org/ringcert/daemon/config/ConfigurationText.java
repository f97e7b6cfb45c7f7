package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Builds configuration files for tests from a snippet and the tables that a file must have. */
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

    /** Returns the snippet, whose lines keep their numbers, followed by the required tables that it does not have. */
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

    /** Returns the mistakes as {@code LINE:COLUMN: message}. Fails if the text loads. */
    static List<String> mistakes(Path directory, byte[] text) {
        return catchThrowableOfType(ConfigurationException.class, () -> load(directory, text)).mistakes().stream()
                .map(Finding::toString)
                .toList();
    }
}
