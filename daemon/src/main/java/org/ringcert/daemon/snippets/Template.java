package org.ringcert.daemon.snippets;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Configuration of a web server with places to fill. {@code @word@} is a value. Lines between {@code #: each WORD} and
 * {@code #: end} are there once for each of the word's rows, whose values come before the others. {@code #: insert
 * WORD} is a text of several lines, indented as that line is. Immutable.
 */
final class Template {

    private static final Pattern VALUE = Pattern.compile("@([a-z0-9-]+)@");
    private static final Pattern ORDER = Pattern.compile("( *)#: (each|insert|end) ?([a-z0-9-]*)");

    private final List<String> lines;

    private Template(List<String> lines) {
        this.lines = lines;
    }

    /** Reads a resource beside this class. */
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
     * The text, each line ended.
     *
     * @param values what words stand for
     * @param rows for each word of {@code each}: the values of each row
     * @throws IllegalStateException if the template has a word that neither knows
     */
    String fill(Map<String, String> values, Map<String, List<Map<String, String>>> rows) {
        StringBuilder text = new StringBuilder();
        Iterator<String> rest = lines.iterator();
        while (rest.hasNext()) {
            String line = rest.next();
            Matcher order = ORDER.matcher(line);
            if (!order.matches()) {
                text.append(fill(line, values, Map.of()));
            } else if (order.group(2).equals("insert")) {
                value(order.group(3), values, Map.of())
                        .lines()
                        .forEach(inserted -> text.append(inserted.isEmpty() ? "" : order.group(1) + inserted)
                                .append("\n"));
            } else {
                repeat(rest, values, known(order.group(3), rows), text);
            }
        }
        return text.toString();
    }

    private static void repeat(
            Iterator<String> rest, Map<String, String> values, List<Map<String, String>> rows, StringBuilder text) {
        List<String> block = new java.util.ArrayList<>();
        String line = rest.next();
        while (!line.strip().equals("#: end")) {
            block.add(line);
            line = rest.next();
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
        return row.containsKey(word) ? known(word, row) : known(word, values);
    }

    private static <T> T known(String word, Map<String, T> words) {
        T value = words.get(word);
        if (value == null) {
            throw new IllegalStateException("a template has the unknown word " + word);
        }
        return value;
    }
}
