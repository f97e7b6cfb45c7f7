package org.ringcert.daemon.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The simple commands of a shell script in their order (POSIX.1-2017, Shell Command Language, 2.3 and 2.9). Immutable.
 *
 * @param unreadableFrom the line from which on the script cannot be read in this way: it has a quote that does not end,
 *     or a here-document
 */
record ShellCommands(List<ShellCommand> all, Optional<Integer> unreadableFrom) {

    /**
     * One simple command.
     *
     * @param words with their quotes
     * @param isUnconditional true if the command does not depend on another one, as behind {@code &&}, and does not run
     *     in a subshell
     */
    record ShellCommand(int line, List<String> words, boolean isUnconditional) {

        ShellCommand {
            words = List.copyOf(words);
        }
    }

    ShellCommands {
        all = List.copyOf(all);
    }

    static ShellCommands parse(String text) {
        return new Tokenizer(text.replace("\r\n", "\n")).readAll();
    }

    private static final class Tokenizer {

        private final String text;
        private final List<ShellCommand> commands = new ArrayList<>();
        private final StringBuilder word = new StringBuilder();
        private List<String> words = new ArrayList<>();
        private Optional<Integer> unreadableFrom = Optional.empty();

        /** True if the next command depends on the previous one, by {@code &&}, {@code ||} or a pipe. */
        private boolean isConditional;

        private int openParentheses;
        private int position;
        private int line = 1;
        private int firstLine = 1;

        Tokenizer(String text) {
            this.text = text;
        }

        ShellCommands readAll() {
            while (position < text.length() && unreadableFrom.isEmpty()) {
                readNext(text.charAt(position));
            }
            endCommand("");
            return new ShellCommands(commands, unreadableFrom);
        }

        private void readNext(char c) {
            switch (c) {
                case ' ', '\t' -> {
                    endWord();
                    position++;
                }
                case '\n', ';', '&', '|', '(', ')' -> readOperator(c);
                case '#' -> readHash();
                case '\\' -> readEscape();
                case '\'', '`' -> readUntil(String.valueOf(c));
                case '"' -> readDoubleQuotes();
                case '$' -> readDollar();
                case '<' -> readRedirection();
                default -> {
                    word.append(c);
                    position++;
                }
            }
        }

        private void readOperator(char c) {
            boolean isDoubled = c != '\n' && position + 1 < text.length() && text.charAt(position + 1) == c;
            String operator =
                    isDoubled && (c == '&' || c == '|') ? text.substring(position, position + 2) : String.valueOf(c);
            endCommand(operator);
            position += operator.length();
            if (c == '\n') {
                line++;
            } else if (c == '(') {
                openParentheses++;
            } else if (c == ')') {
                // The one after a pattern of `case` has no opening parenthesis.
                openParentheses = Math.max(0, openParentheses - 1);
            }
        }

        private void endCommand(String operator) {
            endWord();
            boolean joinsNext = operator.startsWith("&") || operator.startsWith("|");
            if (!words.isEmpty()) {
                commands.add(new ShellCommand(firstLine, words, !isConditional && !joinsNext && openParentheses == 0));
                words = new ArrayList<>();
                isConditional = false;
            }
            // A command continues on the next line if a line ends with &&.
            isConditional = joinsNext || (isConditional && operator.equals("\n"));
        }

        private void endWord() {
            if (!word.isEmpty()) {
                if (words.isEmpty()) {
                    firstLine = line;
                }
                words.add(word.toString());
                word.setLength(0);
            }
        }

        /** A hash sign begins a comment, unless it is inside a word. */
        private void readHash() {
            if (!word.isEmpty()) {
                word.append('#');
                position++;
                return;
            }
            int end = text.indexOf('\n', position);
            position = end < 0 ? text.length() : end;
        }

        private void readEscape() {
            if (position + 1 < text.length() && text.charAt(position + 1) == '\n') {
                line++;
            } else {
                word.append(text, position, Math.min(position + 2, text.length()));
            }
            position = Math.min(position + 2, text.length());
        }

        private void readDoubleQuotes() {
            int end = position + 1;
            while (end < text.length() && text.charAt(end) != '"') {
                end += text.charAt(end) == '\\' ? 2 : 1;
            }
            appendUpTo(end + 1);
        }

        private void readDollar() {
            if (text.startsWith("$(", position)) {
                int open = 0;
                int end = position + 1;
                do {
                    char c = text.charAt(end++);
                    open += c == '(' ? 1 : c == ')' ? -1 : 0;
                } while (open > 0 && end < text.length());
                appendUpTo(open > 0 ? text.length() + 1 : end);
            } else if (text.startsWith("${", position)) {
                readUntil("}");
            } else {
                word.append('$');
                position++;
            }
        }

        private void readRedirection() {
            if (text.startsWith("<<", position) && !text.startsWith("<<<", position)) {
                unreadableFrom = Optional.of(line);
            } else {
                int end = position;
                while (end < text.length() && text.charAt(end) == '<') {
                    end++;
                }
                appendUpTo(end);
            }
        }

        private void readUntil(String closing) {
            int end = text.indexOf(closing, position + 1);
            appendUpTo(end < 0 ? text.length() + 1 : end + 1);
        }

        /**
         * Appends the text up to an index to the current word. An index past the end means that a quote does not end.
         */
        private void appendUpTo(int end) {
            if (end > text.length()) {
                unreadableFrom = Optional.of(line);
                return;
            }
            String part = text.substring(position, end);
            if (words.isEmpty() && word.isEmpty()) {
                firstLine = line;
            }
            word.append(part);
            line += (int) part.chars().filter(c -> c == '\n').count();
            position = end;
        }
    }
}
