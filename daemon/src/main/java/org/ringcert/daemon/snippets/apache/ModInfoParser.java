package org.ringcert.daemon.snippets.apache;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses what mod_info prints for {@code -D DUMP_CONFIG}: all directives in effect, each with its file and line, in the
 * order in which Apache has read them. Includes, macros, variables, continued lines and conditions such as
 * {@code <IfModule>} are already resolved. mod_info does not print the end of an empty section, so the nesting is taken
 * from the indentation, two spaces for each level.
 */
final class ModInfoParser {

    private static final Pattern FILE = Pattern.compile("# In file: (.+)");
    private static final Pattern LINE = Pattern.compile("\\s*#\\s+([0-9]+):");
    private static final Pattern END = Pattern.compile("\\s*</.*");
    private static final Pattern BEGIN = Pattern.compile("\\s*<([A-Za-z][A-Za-z0-9]*)\\s*(.*?)>?\\s*");
    private static final Pattern DIRECTIVE = Pattern.compile("\\s*([A-Za-z][A-Za-z0-9_.]*)(?:\\s+(.*?))?\\s*");

    private final Deque<OpenSection> openSections = new ArrayDeque<>();

    private record OpenSection(
            String writtenName, String arguments, SourcePosition position, List<ApacheDirective> inside) {

        ApacheDirective closed() {
            return ApacheDirective.section(writtenName, arguments, position, inside);
        }
    }

    private ModInfoParser() {}

    /** Returns the directives of the main server. */
    static List<ApacheDirective> parse(List<String> lines) {
        return new ModInfoParser().parseAll(lines);
    }

    private List<ApacheDirective> parseAll(List<String> lines) {
        OpenSection main = new OpenSection("", "", new SourcePosition("", 0), new ArrayList<>());
        openSections.addLast(main);
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
                while (openSections.size() - 1 > depth) {
                    close();
                }
                directive(text, new SourcePosition(file, number));
            }
        }
        while (openSections.size() > 1) {
            close();
        }
        return main.inside();
    }

    private void directive(String text, SourcePosition position) {
        Matcher begin = BEGIN.matcher(text);
        Matcher directive = DIRECTIVE.matcher(text);
        if (END.matcher(text).matches()) {
            return;
        }
        if (begin.matches()) {
            openSections.addLast(new OpenSection(begin.group(1), begin.group(2), position, new ArrayList<>()));
        } else if (directive.matches()) {
            String arguments = directive.group(2) == null ? "" : directive.group(2);
            openSections.getLast().inside().add(ApacheDirective.simple(directive.group(1), arguments, position));
        }
    }

    private void close() {
        ApacheDirective closed = openSections.removeLast().closed();
        openSections.getLast().inside().add(closed);
    }
}
