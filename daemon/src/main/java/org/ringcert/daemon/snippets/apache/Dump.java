package org.ringcert.daemon.snippets.apache;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what mod_info says for {@code -D DUMP_CONFIG}: all directives that count, each with its file and line, in the
 * order in which Apache has read them. Includes, macros, variables, continued lines and conditions such as
 * {@code <IfModule>} are resolved by then. It says no end of an empty section, so what stands in a section is told by
 * the indentation, two blanks for each.
 */
final class Dump {

    private static final Pattern FILE = Pattern.compile("# In file: (.+)");
    private static final Pattern LINE = Pattern.compile("\\s*#\\s+([0-9]+):");
    private static final Pattern END = Pattern.compile("\\s*</.*");
    private static final Pattern BEGIN = Pattern.compile("\\s*<([A-Za-z][A-Za-z0-9]*)\\s*(.*?)>?\\s*");
    private static final Pattern DIRECTIVE = Pattern.compile("\\s*([A-Za-z][A-Za-z0-9_.]*)(?:\\s+(.*?))?\\s*");

    private final Deque<Open> open = new ArrayDeque<>();

    private record Open(String spelled, String arguments, Place place, List<Directive> inside) {

        Directive closed() {
            return new Directive(spelled, arguments, place, true, inside);
        }
    }

    private Dump() {}

    /** The directives of the main server. */
    static List<Directive> read(List<String> lines) {
        return new Dump().top(lines);
    }

    private List<Directive> top(List<String> lines) {
        Open main = new Open("", "", new Place("", 0), new ArrayList<>());
        open.addLast(main);
        String file = "";
        int number = 0;
        for (String text : lines) {
            Matcher newFile = FILE.matcher(text);
            Matcher newLine = LINE.matcher(text);
            if (newFile.matches()) {
                file = newFile.group(1);
            } else if (newLine.matches()) {
                number = Integer.parseInt(newLine.group(1));
            } else {
                int depth = (text.length() - text.stripLeading().length()) / 2;
                while (open.size() - 1 > depth) {
                    close();
                }
                directive(text, new Place(file, number));
            }
        }
        while (open.size() > 1) {
            close();
        }
        return main.inside();
    }

    private void directive(String text, Place place) {
        Matcher begin = BEGIN.matcher(text);
        Matcher directive = DIRECTIVE.matcher(text);
        if (END.matcher(text).matches()) {
            return;
        }
        if (begin.matches()) {
            open.addLast(new Open(begin.group(1), begin.group(2), place, new ArrayList<>()));
        } else if (directive.matches()) {
            String arguments = directive.group(2) == null ? "" : directive.group(2);
            open.getLast().inside().add(new Directive(directive.group(1), arguments, place, false, List.of()));
        }
    }

    private void close() {
        Directive closed = open.removeLast().closed();
        open.getLast().inside().add(closed);
    }
}
