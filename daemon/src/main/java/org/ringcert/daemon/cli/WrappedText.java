package org.ringcert.daemon.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Wraps lines at the width of a screen, between words. */
final class WrappedText {

    private static final Pattern ESCAPE = Pattern.compile("\u001b\\[[0-9;]*m");

    /** What a row can consist of, one after the other: an escape sequence for a colour, or a character. */
    private static final Pattern UNIT = Pattern.compile(ESCAPE.pattern() + "|.", Pattern.DOTALL);

    /** What stands before a paragraph about a flaw: its severity. Further rows begin below the text after it. */
    private static final Pattern LABEL = Pattern.compile("(?:failure|warning) {2}(?=\\S)");

    private WrappedText() {}

    /**
     * Returns the rows of a text on a screen. Words that are longer than a row are broken. Escape sequences for colours
     * take no room.
     *
     * @param columns the width of a row, at least 40
     */
    static List<String> rows(String text, int columns) {
        List<String> rows = new ArrayList<>();
        text.lines().forEach(line -> addRows(line, columns, rows));
        return rows;
    }

    /** Returns how many columns a row takes. */
    static int width(String row) {
        return plain(row).codePointCount(0, plain(row).length());
    }

    private static String plain(String text) {
        return ESCAPE.matcher(text).replaceAll("");
    }

    private static void addRows(String line, int columns, List<String> rows) {
        Matcher label = LABEL.matcher(plain(line));
        String indent = " ".repeat(label.lookingAt() ? label.end() : 0);
        String rest = line;
        while (width(rest) > columns) {
            int end = end(rest, columns, indent.length());
            rows.add(rest.substring(0, end).stripTrailing());
            rest = indent + rest.substring(end).stripLeading();
        }
        rows.add(rest);
    }

    /** Returns where a row ends: before the last space that leaves it short enough, or in the middle of a long word. */
    private static int end(String line, int columns, int indent) {
        int column = 0;
        int space = -1;
        Matcher units = UNIT.matcher(line);
        while (units.find()) {
            if (units.group().length() > 2) {
                continue;
            }
            if (units.group().equals(" ") && column > indent) {
                space = units.start();
            }
            if (column == columns) {
                return space > 0 ? space : units.start();
            }
            column++;
        }
        return line.length();
    }
}
