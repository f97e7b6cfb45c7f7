package org.ringcert.daemon.snippets;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A configuration text with placeholders. {@code @word@} is replaced by a value. Lines between {@code #: each WORD} and
 * {@code #: end} are repeated for each of the word's rows, whose values take precedence over the common ones. {@code #:
 * insert WORD} is replaced by a text of several lines, indented like that line. Immutable.
 */
final class Template {

    private static final Pattern VALUE = Pattern.compile("@([a-z0-9-]+)@");
    private static final Pattern INSTRUCTION = Pattern.compile("( *)#: (each|insert|end) ?([a-z0-9-]*)");

    private final List<String> lines;

    private Template(List<String> lines) {
        this.lines = lines;
    }

    /** Reads a resource next to this class. */
    static Template read(String name) {
        try (InputStream file = Template.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new Template(new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the text; every line ends with a line feed.
     *
     * @param values by placeholder
     * @param rows for each word of {@code each}, the values of each row
     * @throws IllegalStateException if the template has a placeholder that is in neither
     */
    String fill(Map<String, String> values, Map<String, List<Map<String, String>>> rows) {
        StringBuilder text = new StringBuilder();
        Iterator<String> remaining = lines.iterator();
        while (remaining.hasNext()) {
            String line = remaining.next();
            Matcher instruction = INSTRUCTION.matcher(line);
            if (!instruction.matches()) {
                text.append(fill(line, values, Map.of()));
            } else if (instruction.group(2).equals("insert")) {
                value(instruction.group(3), values, Map.of())
                        .lines()
                        .forEach(inserted -> text.append(inserted.isEmpty() ? "" : instruction.group(1) + inserted)
                                .append("\n"));
            } else {
                repeat(remaining, values, lookUp(instruction.group(3), rows), text);
            }
        }
        return text.toString();
    }

    private static void repeat(
            Iterator<String> remaining,
            Map<String, String> values,
            List<Map<String, String>> rows,
            StringBuilder text) {
        List<String> block = new ArrayList<>();
        String line = remaining.next();
        while (!line.strip().equals("#: end")) {
            block.add(line);
            line = remaining.next();
        }
        for (Map<String, String> row : rows) {
            block.forEach(repeated -> text.append(fill(repeated, values, row)));
        }
    }

    private static String fill(String line, Map<String, String> values, Map<String, String> row) {
        return VALUE.matcher(line).replaceAll(match -> Matcher.quoteReplacement(value(match.group(1), values, row)))
                + "\n";
    }

    private static String value(String word, Map<String, String> values, Map<String, String> row) {
        return row.containsKey(word) ? lookUp(word, row) : lookUp(word, values);
    }

    private static <T> T lookUp(String word, Map<String, T> words) {
        T value = words.get(word);
        if (value == null) {
            throw new IllegalStateException("unknown placeholder in a template: " + word);
        }
        return value;
    }
}
