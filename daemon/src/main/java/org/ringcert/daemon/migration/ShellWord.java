package org.ringcert.daemon.migration;

import java.util.Optional;
import java.util.function.Function;

/** Expands a word of a shell script (POSIX.1-2017, Shell Command Language, 2.2 and 2.6). */
final class ShellWord {

    private final String word;
    private final Function<String, Optional<String>> variables;
    private final StringBuilder text = new StringBuilder();
    private int position;

    private ShellWord(String word, Function<String, Optional<String>> variables) {
        this.word = word;
        this.variables = variables;
    }

    /**
     * Returns the word without its quotes and with its variables replaced; nothing if it depends on a command or on a
     * variable without a known text.
     *
     * @param word with its quotes
     */
    static Optional<String> expand(String word, Function<String, Optional<String>> variables) {
        ShellWord expansion = new ShellWord(word, variables);
        return !word.startsWith("~") && expansion.expandAll()
                ? Optional.of(expansion.text.toString())
                : Optional.empty();
    }

    /** Returns false if the result is not certain. */
    private boolean expandAll() {
        boolean isQuoted = false;
        while (position < word.length()) {
            char c = word.charAt(position++);
            if (c == '"') {
                isQuoted = !isQuoted;
            } else if (c == '\'' && !isQuoted) {
                int end = word.indexOf('\'', position);
                text.append(word, position, end);
                position = end + 1;
            } else if (c == '\\') {
                readEscape(isQuoted);
            } else if (c == '`' || (c == '$' && !expandVariable())) {
                return false;
            } else if (c != '$') {
                text.append(c);
            }
        }
        return true;
    }

    private void readEscape(boolean isQuoted) {
        if (position == word.length() || (isQuoted && "$`\"\\".indexOf(word.charAt(position)) < 0)) {
            text.append('\\');
        } else {
            text.append(word.charAt(position++));
        }
    }

    /**
     * Expands what follows a dollar sign: {@code NAME} or <code>{NAME}</code>. Returns false if it is anything else.
     */
    private boolean expandVariable() {
        boolean hasBraces = position < word.length() && word.charAt(position) == '{';
        int start = hasBraces ? position + 1 : position;
        int end = start;
        while (end < word.length() && (word.charAt(end) == '_' || isLetterOrDigit(word.charAt(end)))) {
            end++;
        }
        if (end == start || (hasBraces && (end == word.length() || word.charAt(end) != '}'))) {
            return false;
        }
        position = hasBraces ? end + 1 : end;
        Optional<String> value = variables.apply(word.substring(start, end));
        value.ifPresent(text::append);
        return value.isPresent();
    }

    private static boolean isLetterOrDigit(char c) {
        return c < 128 && Character.isLetterOrDigit(c);
    }
}
