package org.ringcert.daemon.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The simple commands of a shell script, in its order (POSIX.1-2017, Shell Command Language, 2.3 and 2.9). Immutable.
 *
 * @param brokenOff the line from which on it cannot be read so: a quote that does not end, or a here-document
 */
record ShellCommands(List<Command> all, Optional<Integer> brokenOff) {

    /**
     * Words with their quotes.
     *
     * @param isUnconditional whether the command before it has no say in it, and the shell itself runs it
     */
    record Command(int line, List<String> words, boolean isUnconditional) {

        Command {
            words = List.copyOf(words);
        }
    }

    ShellCommands {
        all = List.copyOf(all);
    }

    static ShellCommands of(String text) {
        return new Reader(text.replace("\r\n", "\n")).read();
    }

    private static final class Reader {

        private final String text;
        private final List<Command> commands = new ArrayList<>();
        private final StringBuilder word = new StringBuilder();
        private List<String> words = new ArrayList<>();
        private Optional<Integer> brokenOff = Optional.empty();
        private boolean isJoined;
        private int parentheses;
        private int at;
        private int line = 1;
        private int firstLine = 1;

        Reader(String text) {
            this.text = text;
        }

        ShellCommands read() {
            while (at < text.length() && brokenOff.isEmpty()) {
                one(text.charAt(at));
            }
            endCommand("");
            return new ShellCommands(commands, brokenOff);
        }

        private void one(char c) {
            switch (c) {
                case ' ', '\t' -> {
                    endWord();
                    at++;
                }
                case '\n', ';', '&', '|', '(', ')' -> operator(c);
                case '#' -> comment();
                case '\\' -> escape();
                case '\'', '`' -> until(String.valueOf(c));
                case '"' -> doubleQuotes();
                case '$' -> dollar();
                case '<' -> redirection();
                default -> {
                    word.append(c);
                    at++;
                }
            }
        }

        private void operator(char c) {
            boolean isDoubled = c != '\n' && at + 1 < text.length() && text.charAt(at + 1) == c;
            String operator = isDoubled && (c == '&' || c == '|') ? text.substring(at, at + 2) : String.valueOf(c);
            endCommand(operator);
            at += operator.length();
            if (c == '\n') {
                line++;
            } else if (c == '(') {
                parentheses++;
            } else if (c == ')') {
                // the one behind a pattern of `case` has no partner
                parentheses = Math.max(0, parentheses - 1);
            }
        }

        private void endCommand(String operator) {
            endWord();
            boolean joinsNext = operator.startsWith("&") || operator.startsWith("|");
            if (!words.isEmpty()) {
                commands.add(new Command(firstLine, words, !isJoined && !joinsNext && parentheses == 0));
                words = new ArrayList<>();
                isJoined = false;
            }
            // a line may end behind && and go on
            isJoined = joinsNext || (isJoined && operator.equals("\n"));
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

        private void comment() {
            if (!word.isEmpty()) {
                word.append('#');
                at++;
                return;
            }
            int end = text.indexOf('\n', at);
            at = end < 0 ? text.length() : end;
        }

        private void escape() {
            if (at + 1 < text.length() && text.charAt(at + 1) == '\n') {
                line++;
            } else {
                word.append(text, at, Math.min(at + 2, text.length()));
            }
            at = Math.min(at + 2, text.length());
        }

        private void doubleQuotes() {
            int end = at + 1;
            while (end < text.length() && text.charAt(end) != '"') {
                end += text.charAt(end) == '\\' ? 2 : 1;
            }
            take(end + 1);
        }

        private void dollar() {
            if (text.startsWith("$(", at)) {
                int open = 0;
                int end = at + 1;
                do {
                    char c = text.charAt(end++);
                    open += c == '(' ? 1 : c == ')' ? -1 : 0;
                } while (open > 0 && end < text.length());
                take(open > 0 ? text.length() + 1 : end);
            } else if (text.startsWith("${", at)) {
                until("}");
            } else {
                word.append('$');
                at++;
            }
        }

        private void redirection() {
            if (text.startsWith("<<", at) && !text.startsWith("<<<", at)) {
                brokenOff = Optional.of(line);
            } else {
                int end = at;
                while (end < text.length() && text.charAt(end) == '<') {
                    end++;
                }
                take(end);
            }
        }

        private void until(String closing) {
            int end = text.indexOf(closing, at + 1);
            take(end < 0 ? text.length() + 1 : end + 1);
        }

        private void take(int end) {
            if (end > text.length()) {
                brokenOff = Optional.of(line);
                return;
            }
            String taken = text.substring(at, end);
            if (words.isEmpty() && word.isEmpty()) {
                firstLine = line;
            }
            word.append(taken);
            line += (int) taken.chars().filter(c -> c == '\n').count();
            at = end;
        }
    }
}
