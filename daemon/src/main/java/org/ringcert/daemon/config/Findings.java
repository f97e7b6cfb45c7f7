package org.ringcert.daemon.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.ringcert.cluster.PrintableText;
import org.tomlj.TomlPosition;

/** Collects the mistakes and notices of one file. Not thread-safe. */
final class Findings {

    private static final int MAX_QUOTED_LENGTH = 80;
    private static final int MAX_REASON_LENGTH = 500;

    private final StrippedText text;
    private final List<Finding> mistakes = new ArrayList<>();
    private final List<Finding> notices = new ArrayList<>();

    /** The mistakes in other files that this one names, each with its file. */
    private final Set<String> otherFiles = new LinkedHashSet<>();

    /** @param text the parsed text, which knows the line numbers of the file */
    Findings(StrippedText text) {
        this.text = text;
    }

    /** Adds something that must be corrected before the file can be used. */
    void mistake(TomlPosition at, String message) {
        mistakes.add(finding(at, message));
    }

    /** Adds the mistakes in another file that this one names. That they are there is a mistake of its own here. */
    void mistakesIn(ConfigurationException otherFile) {
        boolean _ = otherFiles.add(String.valueOf(otherFile.getMessage()));
    }

    /** Returns an exception with all mistakes. */
    ConfigurationException exception(Path file) {
        return new ConfigurationException(file, mistakes, otherFiles);
    }

    /** Adds something that the author should know. The file can be used all the same. */
    void notice(TomlPosition at, String message) {
        notices.add(finding(at, message));
    }

    /** Returns a finding without adding it. */
    Finding finding(TomlPosition at, String message) {
        return new Finding(lineOf(at), at.column(), message);
    }

    /** Returns the line in the file, for messages that mention a second place. */
    int lineOf(TomlPosition at) {
        return text.fileLine(at.line());
    }

    List<Finding> mistakes() {
        return List.copyOf(mistakes);
    }

    /** Returns the notices in the file's order. */
    List<Finding> notices() {
        return notices.stream().sorted().toList();
    }

    /**
     * Returns text from the file as it can be shown in a terminal or a log line: shortened, without control characters.
     */
    static String quoted(String text) {
        return printable(text, MAX_QUOTED_LENGTH);
    }

    /** Returns a parser's message in the same way, because it may repeat what it was given. */
    static String reason(Exception error) {
        return printable(String.valueOf(error.getMessage()), MAX_REASON_LENGTH);
    }

    private static String printable(String text, int maxLength) {
        StringBuilder printable = new StringBuilder();
        int end = Math.min(text.length(), maxLength);
        text.substring(0, end).codePoints().forEach(c -> {
            if (PrintableText.isPrintable(c)) {
                printable.appendCodePoint(c);
            } else {
                printable.append(String.format("\\u%04x", c));
            }
        });
        return end < text.length() ? printable + "..." : printable.toString();
    }
}
