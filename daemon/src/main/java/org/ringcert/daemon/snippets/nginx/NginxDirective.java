package org.ringcert.daemon.snippets.nginx;

import java.util.List;
import java.util.stream.Stream;

/**
 * A directive of nginx's configuration. Immutable.
 *
 * @param words its name first; for a block of Lua, the last word is the Lua code
 * @param file the file that contains it
 * @param line where it begins, counted from 1
 * @param opening the line of its opening brace; 0 if it has none
 * @param block the directives in its braces; for {@code include}, those of the included files
 */
public record NginxDirective(List<String> words, String file, int line, int opening, List<NginxDirective> block) {

    public NginxDirective {
        words = List.copyOf(words);
        block = List.copyOf(block);
    }

    /** Returns whether it has that name. */
    public boolean is(String name) {
        return words.getFirst().equals(name);
    }

    /** Returns the words after its name. */
    public List<String> arguments() {
        return words.subList(1, words.size());
    }

    /** Returns its file and line. */
    public String position() {
        return file + ":" + line;
    }

    /** Returns the directive as written, without its block. */
    public String text() {
        return String.join(" ", words);
    }

    /**
     * Returns the directives in its block in the order in which nginx reads them; an {@code include} is replaced by
     * what it includes.
     */
    public Stream<NginxDirective> inside() {
        return block.stream().flatMap(NginxDirective::resolved);
    }

    private Stream<NginxDirective> resolved() {
        return is("include") ? inside() : Stream.of(this);
    }
}
