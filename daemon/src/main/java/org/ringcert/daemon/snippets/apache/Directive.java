package org.ringcert.daemon.snippets.apache;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A directive of Apache's configuration, or a section. Immutable.
 *
 * @param spelled its name as it is written; of a section, without its angle bracket
 * @param arguments as they are written
 * @param section whether it is one
 * @param inside what stands in the section
 */
record Directive(String spelled, String arguments, Place place, boolean section, List<Directive> inside) {

    private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|'((?:[^'\\\\]|\\\\.)*)'|(\\S+)");

    Directive {
        inside = List.copyOf(inside);
    }

    /** In lower case. */
    String name() {
        return spelled.toLowerCase(Locale.ROOT);
    }

    /** As it is written, without what stands in the section. */
    String text() {
        String text = (spelled + " " + arguments).strip();
        return section ? "<" + text + ">" : text;
    }

    boolean is(String... names) {
        return List.of(names).contains(name());
    }

    /**
     * The arguments as Apache takes them: a word in quotation marks is one, and a backslash stays unless it stands
     * before the mark.
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

    /** The argument with that index; nothing where there is none. */
    String word(int index) {
        List<String> words = words();
        return index < words.size() ? words.get(index) : "";
    }

    /** Whether one of the arguments is that word, in capital or small letters. */
    boolean says(String word) {
        return words().stream().anyMatch(said -> said.equalsIgnoreCase(word));
    }

    boolean mentions(String text) {
        return arguments.toLowerCase(Locale.ROOT).contains(text);
    }
}
