package org.ringcert.daemon.snippets.haproxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of HAProxy's configuration, taken apart as section 2.2 and 2.3 of HAProxy's Configuration Manual say: words
 * between blanks, three ways of quoting, {@code #} before what is no more read, environment variables. Immutable.
 *
 * @param file where it stands
 * @param number counted from 1
 * @param words at least one
 */
public record Line(String file, int number, List<String> words) {

    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:\\{([A-Za-z_][A-Za-z0-9_]*)(\\[\\*\\])?(?:-([^}]*))?\\}|([A-Za-z_][A-Za-z0-9_]*))");

    public Line {
        words = List.copyOf(words);
    }

    /** Its first word. */
    public String keyword() {
        return words.getFirst();
    }

    /** Its word at that place, counted from 0; empty where there is none. */
    public String word(int index) {
        return index < words.size() ? words.get(index) : "";
    }

    /** File and line. */
    public String place() {
        return file + ":" + number;
    }

    /** Its words with blanks between. */
    public String text() {
        return String.join(" ", words);
    }

    /**
     * The words of a line as it is written; none where there is nothing but a comment. A variable that nobody has set
     * stays as it is.
     */
    static List<String> words(String written, Map<String, String> environment) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean begun = false;
        for (int at = 0; at < written.length(); at++) {
            char c = written.charAt(at);
            if (c == '#') {
                break;
            } else if (c == ' ' || c == '\t' || c == '\r') {
                if (begun) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                begun = false;
            } else {
                begun = true;
                if (c == '\\' && at + 1 < written.length()) {
                    word.append(written.charAt(++at));
                } else if (c == '\'') {
                    int end = end(written, at + 1, '\'');
                    word.append(written, at + 1, end);
                    at = end;
                } else if (c == '"') {
                    int end = end(written, at + 1, '"');
                    word.append(weak(written.substring(at + 1, end), environment));
                    at = end;
                } else {
                    word.append(c);
                }
            }
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }

    private static int end(String written, int from, char quote) {
        for (int at = from; at < written.length(); at++) {
            if (written.charAt(at) == quote) {
                return at;
            }
            at += quote == '"' && written.charAt(at) == '\\' ? 1 : 0;
        }
        return written.length();
    }

    private static String weak(String quoted, Map<String, String> environment) {
        return expanded(quoted, environment).replaceAll("\\\\(.)", "$1");
    }

    /** The text with the values of its variables. */
    static String expanded(String text, Map<String, String> environment) {
        Matcher variable = VARIABLE.matcher(text);
        return variable.replaceAll(match -> {
            String name = match.group(1) == null ? match.group(4) : match.group(1);
            String value = environment.get(name);
            return Matcher.quoteReplacement(
                    value != null ? value : match.group(3) != null ? match.group(3) : match.group());
        });
    }
}
