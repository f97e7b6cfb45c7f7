package org.ringcert.daemon.snippets.nginx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;

/**
 * The syntax of nginx (ngx_conf_read_token in its ngx_conf_file.c): directives of words, ended by a semicolon or with a
 * block. What is between the braces of a {@code ..._by_lua_block} is Lua.
 */
final class NginxFile {

    private final String file;
    private final String text;
    private final Deque<Open> open = new ArrayDeque<>();
    private int at;
    private int line = 1;
    private int troubled;

    private NginxFile(String file, String text) {
        this.file = file;
        this.text = text;
        open.add(new Open(List.of(), 0, 0, new ArrayList<>()));
    }

    /** A block that has not been closed yet. */
    private record Open(List<String> words, int line, int opening, List<Directive> inside) {}

    /**
     * What was read.
     *
     * @param directives at the top
     * @param trouble the line from which on nothing was understood; nginx itself takes the file, so this reader lacks
     *     something
     */
    record Reading(List<Directive> directives, OptionalInt trouble) {}

    /** Reads as far as it understands, and never fails. */
    static Reading read(String file, String text) {
        return new NginxFile(file, text).read();
    }

    private Reading read() {
        List<String> words = new ArrayList<>();
        int began = 1;
        for (skipSpace(); at < text.length() && troubled == 0; skipSpace()) {
            began = words.isEmpty() ? line : began;
            switch (text.charAt(at)) {
                case ';' -> {
                    at++;
                    end(words, began);
                }
                case '{' -> {
                    int opening = line;
                    at++;
                    if (!words.isEmpty() && words.getFirst().endsWith("_by_lua_block")) {
                        words.add(lua());
                        end(words, began);
                    } else {
                        trouble(words.isEmpty());
                        open.addLast(new Open(List.copyOf(words), began, opening, new ArrayList<>()));
                        words.clear();
                    }
                }
                case '}' -> {
                    at++;
                    trouble(!words.isEmpty() || open.size() == 1);
                    close();
                }
                case '"', '\'' -> words.add(quoted());
                default -> words.add(word());
            }
        }
        trouble(!words.isEmpty() || open.size() > 1);
        while (open.size() > 1) {
            close();
        }
        return new Reading(open.getFirst().inside(), troubled == 0 ? OptionalInt.empty() : OptionalInt.of(troubled));
    }

    private void trouble(boolean whether) {
        if (whether && troubled == 0) {
            troubled = line;
        }
    }

    private void end(List<String> words, int began) {
        trouble(words.isEmpty());
        if (!words.isEmpty()) {
            open.getLast().inside().add(new Directive(words, file, began, 0, List.of()));
            words.clear();
        }
    }

    private void close() {
        if (open.size() > 1) {
            Open closed = open.removeLast();
            if (!closed.words().isEmpty()) {
                open.getLast()
                        .inside()
                        .add(new Directive(closed.words(), file, closed.line(), closed.opening(), closed.inside()));
            }
        }
    }

    private char next() {
        char c = text.charAt(at++);
        line += c == '\n' ? 1 : 0;
        return c;
    }

    private boolean isSpace() {
        return at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0;
    }

    private void skipSpace() {
        while (isSpace() || text.startsWith("#", at)) {
            if (next() == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            }
        }
    }

    private String quoted() {
        char quote = next();
        StringBuilder word = new StringBuilder();
        while (at < text.length() && text.charAt(at) != quote) {
            character(word);
        }
        trouble(at == text.length());
        at = Math.min(at + 1, text.length());
        return word.toString();
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        while (at < text.length() && !isSpace() && ";{".indexOf(text.charAt(at)) < 0) {
            if (text.startsWith("${", at)) {
                word.append(next()).append(next());
            } else {
                character(word);
            }
        }
        return word.toString();
    }

    /**
     * One character, or one that a backslash stands before: that keeps it from ending the word, and stays unless it
     * stands for something.
     */
    private void character(StringBuilder word) {
        char c = next();
        if (c != '\\' || at == text.length()) {
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

    /** Lua up to the brace that closes the block (Lua 5.1 manual, 2.1): neither comments nor strings close it. */
    private String lua() {
        int start = at;
        int depth = 1;
        while (at < text.length()) {
            if (text.startsWith("--", at)) {
                at += 2;
                if (!skipLong()) {
                    skipTo("\n");
                }
            } else if (!skipLong()) {
                char c = next();
                if (c == '"' || c == '\'') {
                    skipString(c);
                } else if (c == '{') {
                    depth++;
                } else if (c == '}' && --depth == 0) {
                    return text.substring(start, at - 1);
                }
            }
        }
        trouble(true);
        return text.substring(start);
    }

    /** A long string or comment, {@code [==[ ... ]==]}, if one begins here. */
    private boolean skipLong() {
        int level = at + 1;
        while (text.startsWith("=", level)) {
            level++;
        }
        if (!text.startsWith("[", at) || !text.startsWith("[", level)) {
            return false;
        }
        skipTo("]" + text.substring(at + 1, level) + "]");
        return true;
    }

    private void skipString(char quote) {
        while (at < text.length()) {
            char c = next();
            if (c == '\\' && at < text.length()) {
                next();
            } else if (c == quote) {
                return;
            }
        }
    }

    private void skipTo(String end) {
        int found = text.indexOf(end, at);
        int stop = found < 0 ? text.length() : found + end.length();
        while (at < stop) {
            next();
        }
    }
}
