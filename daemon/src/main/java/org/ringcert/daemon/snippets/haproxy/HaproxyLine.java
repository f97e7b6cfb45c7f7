package org.ringcert.daemon.snippets.haproxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of HAProxy's configuration, parsed as sections 2.2 and 2.3 of HAProxy's Configuration Manual describe: words
 * separated by blanks, three ways of quoting, comments after {@code #}, and environment variables. Immutable.
 *
 * @param file the file that contains it
 * @param number counted from 1
 * @param words at least one
 */
public record HaproxyLine(String file, int number, List<String> words) {

    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:\\{([A-Za-z_][A-Za-z0-9_]*)(\\[\\*\\])?(?:-([^}]*))?\\}|([A-Za-z_][A-Za-z0-9_]*))");

    public HaproxyLine {
        words = List.copyOf(words);
    }

    /** Returns its first word. */
    public String keyword() {
        return words.getFirst();
    }

    /** Returns the word at that index, counted from 0; empty if there is none. */
    public String word(int index) {
        return index < words.size() ? words.get(index) : "";
    }

    /** Returns its file and line. */
    public String position() {
        return file + ":" + number;
    }

    /** Returns its words separated by blanks. */
    public String text() {
        return String.join(" ", words);
    }

    /** Splits a line into words; none if it has only a comment. Variables that are not set remain as they are. */
    static List<String> words(String written, Map<String, String> environment) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        for (int at = 0; at < written.length(); at++) {
            char c = written.charAt(at);
            if (c == '#') {
                break;
            } else if (c == ' ' || c == '\t' || c == '\r') {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                inWord = false;
            } else {
                inWord = true;
                if (c == '\\' && at + 1 < written.length()) {
                    word.append(written.charAt(++at));
                } else if (c == '\'') {
                    int end = end(written, at + 1, '\'');
                    word.append(written, at + 1, end);
                    at = end;
                } else if (c == '"') {
                    int end = end(written, at + 1, '"');
                    word.append(unquote(written.substring(at + 1, end), environment));
                    at = end;
                } else {
                    word.append(c);
                }
            }
        }
        if (inWord) {
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

    private static String unquote(String quoted, Map<String, String> environment) {
        return expand(quoted, environment).replaceAll("\\\\(.)", "$1");
    }

    /** Replaces variables in a text by their values. */
    static String expand(String text, Map<String, String> environment) {
        Matcher variable = VARIABLE.matcher(text);
        return variable.replaceAll(match -> {
            String name = match.group(1) == null ? match.group(4) : match.group(1);
            String value = environment.get(name);
            return Matcher.quoteReplacement(
                    value != null ? value : match.group(3) != null ? match.group(3) : match.group());
        });
    }
}
