package org.ringcert.daemon.config;

import java.util.ArrayList;
import java.util.List;
import org.tomlj.TomlPosition;

/** Collects what is wrong in one file. For one thread. */
final class Findings {

    private static final int LONGEST_QUOTE = 80;
    private static final int LONGEST_REASON = 500;

    private final StrippedText source;
    private final List<Finding> found = new ArrayList<>();

    Findings(StrippedText source) {
        this.source = source;
    }

    void add(TomlPosition at, String message) {
        found.add(new Finding(lineOf(at), at.column(), message));
    }

    /** The line of the file, for messages that mention another place. */
    int lineOf(TomlPosition at) {
        return source.line(at.line());
    }

    List<Finding> found() {
        return List.copyOf(found);
    }

    /** Text from the file, fit for a terminal and a log line: shortened, and without control characters. */
    static String quoted(String text) {
        return printable(text, LONGEST_QUOTE);
    }

    /** What a parser says is wrong, made fit in the same way: it may repeat what it was given. */
    static String reason(Exception error) {
        return printable(String.valueOf(error.getMessage()), LONGEST_REASON);
    }

    private static String printable(String text, int longest) {
        StringBuilder quoted = new StringBuilder();
        int end = Math.min(text.length(), longest);
        text.substring(0, end).codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE -> quoted.append(String.format("\\u%04x", c));
                default -> quoted.appendCodePoint(c);
            }
        });
        return end < text.length() ? quoted + "..." : quoted.toString();
    }
}
