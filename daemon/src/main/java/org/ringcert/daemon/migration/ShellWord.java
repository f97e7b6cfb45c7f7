package org.ringcert.daemon.migration;

import java.util.Optional;
import java.util.function.Function;

/** A word of a shell script, with its quotes (POSIX.1-2017, Shell Command Language, 2.2 and 2.6). */
final class ShellWord {

    private final String word;
    private final Function<String, Optional<String>> variables;
    private final StringBuilder text = new StringBuilder();
    private int at;

    private ShellWord(String word, Function<String, Optional<String>> variables) {
        this.word = word;
        this.variables = variables;
    }

    /** What the word comes to; nothing where a command, or a variable that is not known, has a part in it. */
    static Optional<String> expand(String word, Function<String, Optional<String>> variables) {
        ShellWord reading = new ShellWord(word, variables);
        return !word.startsWith("~") && reading.all() ? Optional.of(reading.text.toString()) : Optional.empty();
    }

    private boolean all() {
        boolean isQuoted = false;
        while (at < word.length()) {
            char c = word.charAt(at++);
            if (c == '"') {
                isQuoted = !isQuoted;
            } else if (c == '\'' && !isQuoted) {
                int end = word.indexOf('\'', at);
                text.append(word, at, end);
                at = end + 1;
            } else if (c == '\\') {
                escaped(isQuoted);
            } else if (c == '`' || (c == '$' && !variable())) {
                return false;
            } else if (c != '$') {
                text.append(c);
            }
        }
        return true;
    }

    private void escaped(boolean isQuoted) {
        if (at == word.length() || (isQuoted && "$`\"\\".indexOf(word.charAt(at)) < 0)) {
            text.append('\\');
        } else {
            text.append(word.charAt(at++));
        }
    }

    /** After a dollar sign: {@code NAME} or <code>{NAME}</code>. */
    private boolean variable() {
        boolean hasBraces = at < word.length() && word.charAt(at) == '{';
        int start = hasBraces ? at + 1 : at;
        int end = start;
        while (end < word.length() && (word.charAt(end) == '_' || isLetterOrDigit(word.charAt(end)))) {
            end++;
        }
        if (end == start || (hasBraces && (end == word.length() || word.charAt(end) != '}'))) {
            return false;
        }
        at = hasBraces ? end + 1 : end;
        Optional<String> value = variables.apply(word.substring(start, end));
        value.ifPresent(text::append);
        return value.isPresent();
    }

    private static boolean isLetterOrDigit(char c) {
        return c < 128 && Character.isLetterOrDigit(c);
    }
}
