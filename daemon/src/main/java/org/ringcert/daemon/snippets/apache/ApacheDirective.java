package org.ringcert.daemon.snippets.apache;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A directive of Apache's configuration, or a section. Immutable.
 *
 * @param writtenName its name as written; for a section, without the angle bracket
 * @param arguments as written
 * @param position where it begins
 * @param isSection whether it is a section
 * @param inside the contents of the section
 */
record ApacheDirective(
        String writtenName,
        String arguments,
        SourcePosition position,
        boolean isSection,
        List<ApacheDirective> inside) {

    private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|'((?:[^'\\\\]|\\\\.)*)'|(\\S+)");

    ApacheDirective {
        inside = List.copyOf(inside);
    }

    static ApacheDirective simple(String writtenName, String arguments, SourcePosition position) {
        return new ApacheDirective(writtenName, arguments, position, false, List.of());
    }

    static ApacheDirective section(
            String writtenName, String arguments, SourcePosition position, List<ApacheDirective> inside) {
        return new ApacheDirective(writtenName, arguments, position, true, inside);
    }

    /** Returns its name in lower case. */
    String name() {
        return writtenName.toLowerCase(Locale.ROOT);
    }

    /** Returns the directive as written, without the contents of a section. */
    String text() {
        String text = (writtenName + " " + arguments).strip();
        return isSection ? "<" + text + ">" : text;
    }

    boolean is(String... names) {
        return List.of(names).contains(name());
    }

    /**
     * Returns the arguments as Apache splits them: a quoted string is one argument, and a backslash is kept unless it
     * escapes the quotation mark.
     */
    List<String> words() {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(arguments);
        while (word.find()) {
            if (word.group(1) != null) {
                words.add(word.group(1).replace("\\\"", "\""));
            } else if (word.group(2) != null) {
                words.add(word.group(2).replace("\\'", "'"));
            } else {
                words.add(word.group(3));
            }
        }
        return words;
    }

    /** Returns the argument with that index; empty if there is none. */
    String word(int index) {
        List<String> words = words();
        return index < words.size() ? words.get(index) : "";
    }

    /** Returns whether one of the arguments is that word, regardless of case. */
    boolean hasWord(String word) {
        return words().stream().anyMatch(argument -> argument.equalsIgnoreCase(word));
    }

    boolean mentions(String text) {
        return arguments.toLowerCase(Locale.ROOT).contains(text);
    }
}
