package org.ringcert.daemon.snippets;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The syntax of nginx: directives of words, ended by a semicolon or with a block. Reads as far as it understands, and never fails. */
final class NginxFile {

    private static final Pattern TOKEN = Pattern.compile("""
            (?<space>\\s+|\\#[^\\n]*)\
            |"(?<double>(?:[^"\\\\]|\\\\.)*)"\
            |'(?<single>(?:[^'\\\\]|\\\\.)*)'\
            |(?<mark>[;{}])\
            |(?<word>(?:\\$\\{|\\\\.|[^\\s;{}])(?:\\$\\{|\\\\.|[^\\s;{])*)""", Pattern.DOTALL);

    private NginxFile() {}

    /**
     * A directive.
     *
     * @param words its name first
     * @param line counted from 1
     * @param block what stands in its braces; empty where it has none
     */
    record Directive(List<String> words, int line, List<Directive> block) {

        boolean is(String name) {
            return words.getFirst().equals(name);
        }
    }

    /** The directives at the top. */
    static List<Directive> read(String text) {
        Deque<List<Directive>> open = new ArrayDeque<>(List.of(new ArrayList<>()));
        List<String> words = new ArrayList<>();
        int line = 1;
        int began = 1;
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            if (token.group("space") == null && words.isEmpty()) {
                began = line;
            }
            line += Math.toIntExact(token.group().chars().filter(c -> c == '\n').count());
            if (token.group("mark") != null) {
                List<Directive> block = new ArrayList<>();
                if (!words.isEmpty()) {
                    open.getLast().add(new Directive(List.copyOf(words), began, block));
                    words.clear();
                }
                if (token.group("mark").equals("{")) {
                    open.addLast(block);
                } else if (token.group("mark").equals("}") && open.size() > 1) {
                    open.removeLast();
                }
            } else if (token.group("space") == null) {
                words.add(text(token));
            }
        }
        return open.getFirst();
    }

    private static String text(Matcher token) {
        for (String kind : List.of("double", "single")) {
            if (token.group(kind) != null) {
                return token.group(kind);
            }
        }
        return token.group("word");
    }
}
