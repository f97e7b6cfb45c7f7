package org.ringcert.daemon.snippets.nginx;

import java.util.List;
import java.util.stream.Stream;

/**
 * A directive of nginx's configuration. Immutable.
 *
 * @param words its name first; for a block of Lua, its text is the last
 * @param file where it stands
 * @param line where it begins, counted from 1
 * @param opening the line of its opening brace; 0 where it has none
 * @param block what stands in its braces; for {@code include}: what the included files have
 */
public record Directive(List<String> words, String file, int line, int opening, List<Directive> block) {

    public Directive {
        words = List.copyOf(words);
        block = List.copyOf(block);
    }

    /** Whether it is called so. */
    public boolean is(String name) {
        return words.getFirst().equals(name);
    }

    /** The words after its name. */
    public List<String> arguments() {
        return words.subList(1, words.size());
    }

    /** File and line. */
    public String place() {
        return file + ":" + line;
    }

    /** As it is written, without its block. */
    public String text() {
        return String.join(" ", words);
    }

    /**
     * What stands in its block, in the order in which nginx reads it: an {@code include} gives way to what it includes.
     */
    public Stream<Directive> inside() {
        return block.stream().flatMap(Directive::resolved);
    }

    private Stream<Directive> resolved() {
        return is("include") ? inside() : Stream.of(this);
    }
}
