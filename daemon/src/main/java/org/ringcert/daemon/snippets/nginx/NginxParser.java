package org.ringcert.daemon.snippets.nginx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;

/**
 * A parser for the syntax of nginx (ngx_conf_read_token in its ngx_conf_file.c): directives consist of words and end
 * with a semicolon or have a block. The text between the braces of a {@code ..._by_lua_block} is Lua.
 */
final class NginxParser {

    private final String file;
    private final String text;
    private final Deque<OpenBlock> openBlocks = new ArrayDeque<>();
    private int index;
    private int line = 1;
    private int errorLine;

    private NginxParser(String file, String text) {
        this.file = file;
        this.text = text;
        openBlocks.add(new OpenBlock(List.of(), 0, 0, new ArrayList<>()));
    }

    /** A block that has not been closed yet. */
    private record OpenBlock(List<String> words, int line, int opening, List<NginxDirective> inside) {}

    /**
     * What the parser has read.
     *
     * @param directives at the top level
     * @param errorLine the line from which on nothing was understood. nginx itself accepts the file, so this parser
     *     does not know some syntax.
     */
    record Result(List<NginxDirective> directives, OptionalInt errorLine) {}

    /** Parses as far as possible and never fails. */
    static Result parse(String file, String text) {
        return new NginxParser(file, text).parseAll();
    }

    private Result parseAll() {
        List<String> words = new ArrayList<>();
        int startLine = 1;
        for (skipSpace(); index < text.length() && errorLine == 0; skipSpace()) {
            startLine = words.isEmpty() ? line : startLine;
            switch (text.charAt(index)) {
                case ';' -> {
                    index++;
                    endDirective(words, startLine);
                }
                case '{' -> {
                    int opening = line;
                    index++;
                    if (!words.isEmpty() && words.getFirst().endsWith("_by_lua_block")) {
                        words.add(luaBlock());
                        endDirective(words, startLine);
                    } else {
                        recordErrorIf(words.isEmpty());
                        openBlocks.addLast(new OpenBlock(List.copyOf(words), startLine, opening, new ArrayList<>()));
                        words.clear();
                    }
                }
                case '}' -> {
                    index++;
                    recordErrorIf(!words.isEmpty() || openBlocks.size() == 1);
                    close();
                }
                case '"', '\'' -> words.add(quoted());
                default -> words.add(word());
            }
        }
        recordErrorIf(!words.isEmpty() || openBlocks.size() > 1);
        while (openBlocks.size() > 1) {
            close();
        }
        return new Result(
                openBlocks.getFirst().inside(), errorLine == 0 ? OptionalInt.empty() : OptionalInt.of(errorLine));
    }

    private void recordErrorIf(boolean condition) {
        if (condition) {
            recordError();
        }
    }

    private void recordError() {
        if (errorLine == 0) {
            errorLine = line;
        }
    }

    private void endDirective(List<String> words, int startLine) {
        recordErrorIf(words.isEmpty());
        if (!words.isEmpty()) {
            openBlocks.getLast().inside().add(new NginxDirective(words, file, startLine, 0, List.of()));
            words.clear();
        }
    }

    private void close() {
        if (openBlocks.size() > 1) {
            OpenBlock closed = openBlocks.removeLast();
            if (!closed.words().isEmpty()) {
                openBlocks
                        .getLast()
                        .inside()
                        .add(new NginxDirective(
                                closed.words(), file, closed.line(), closed.opening(), closed.inside()));
            }
        }
    }

    private char next() {
        char c = text.charAt(index++);
        line += c == '\n' ? 1 : 0;
        return c;
    }

    private boolean isSpace() {
        return index < text.length() && " \t\r\n".indexOf(text.charAt(index)) >= 0;
    }

    private void skipSpace() {
        while (isSpace() || text.startsWith("#", index)) {
            if (next() == '#') {
                int end = text.indexOf('\n', index);
                index = end < 0 ? text.length() : end;
            }
        }
    }

    private String quoted() {
        char quote = next();
        StringBuilder word = new StringBuilder();
        while (index < text.length() && text.charAt(index) != quote) {
            appendCharacter(word);
        }
        recordErrorIf(index == text.length());
        index = Math.min(index + 1, text.length());
        return word.toString();
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        while (index < text.length() && !isSpace() && ";{".indexOf(text.charAt(index)) < 0) {
            if (text.startsWith("${", index)) {
                word.append(next()).append(next());
            } else {
                appendCharacter(word);
            }
        }
        return word.toString();
    }

    /**
     * Appends one character. A backslash keeps the next character from ending the word, and is itself kept unless it is
     * part of an escape sequence.
     */
    private void appendCharacter(StringBuilder word) {
        char c = next();
        if (c != '\\' || index == text.length()) {
            word.append(c);
            return;
        }
        char escaped = next();
        switch (escaped) {
            case '"', '\'', '\\' -> word.append(escaped);
            case 't' -> word.append('\t');
            case 'r' -> word.append('\r');
            case 'n' -> word.append('\n');
            default -> word.append('\\').append(escaped);
        }
    }

    /**
     * Returns the Lua code up to the brace that closes the block (Lua 5.1 manual, 2.1). Braces in comments and strings
     * do not count.
     */
    private String luaBlock() {
        int start = index;
        int depth = 1;
        while (index < text.length()) {
            if (text.startsWith("--", index)) {
                index += 2;
                if (!skipLongBracket()) {
                    skipTo("\n");
                }
            } else if (!skipLongBracket()) {
                char c = next();
                if (c == '"' || c == '\'') {
                    skipString(c);
                } else if (c == '{') {
                    depth++;
                } else if (c == '}' && --depth == 0) {
                    return text.substring(start, index - 1);
                }
            }
        }
        recordError();
        return text.substring(start);
    }

    /** Skips a long string or comment, {@code [==[ ... ]==]}, if one begins here. */
    private boolean skipLongBracket() {
        int level = index + 1;
        while (text.startsWith("=", level)) {
            level++;
        }
        if (!text.startsWith("[", index) || !text.startsWith("[", level)) {
            return false;
        }
        skipTo("]" + text.substring(index + 1, level) + "]");
        return true;
    }

    private void skipString(char quote) {
        while (index < text.length()) {
            char c = next();
            if (c == '\\' && index < text.length()) {
                next();
            } else if (c == quote) {
                return;
            }
        }
    }

    private void skipTo(String end) {
        int found = text.indexOf(end, index);
        int stop = found < 0 ? text.length() : found + end.length();
        while (index < stop) {
            next();
        }
    }
}
