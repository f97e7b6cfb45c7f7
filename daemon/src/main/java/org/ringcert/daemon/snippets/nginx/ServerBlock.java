package org.ringcert.daemon.snippets.nginx;

import java.util.List;
import java.util.stream.Stream;

/** A {@code server} block of http. Immutable. */
public final class ServerBlock {

    private final Directive directive;
    private final List<Listen> listens;
    private final List<String> names;

    ServerBlock(Directive directive) {
        this.directive = directive;
        List<Listen> written = directive
                .inside()
                .filter(inner -> inner.is("listen"))
                .flatMap(Listen::of)
                .toList();
        this.listens = written.isEmpty() ? List.of(new Listen(Listen.Socket.ipv4(80), List.of(), place())) : written;
        this.names = directive
                .inside()
                .filter(inner -> inner.is("server_name"))
                .flatMap(inner -> inner.arguments().stream())
                .toList();
    }

    /** File and line of its opening brace. */
    public String place() {
        return directive.file() + ":" + directive.opening();
    }

    /** Where it listens: at port 80 where nothing else is said. */
    public List<Listen> listens() {
        return listens;
    }

    /** The names that it is for, as they are written; none where nothing is said. */
    public List<String> names() {
        return names;
    }

    /** Its regular expressions for names that only nginx itself can read. */
    public List<String> riddles() {
        return names.stream().filter(ServerNames::isRiddle).toList();
    }

    /** What is in it, in the order that counts for nginx. */
    public Stream<Directive> inside() {
        return directive.inside();
    }

    /** What is written in the block itself. */
    public List<Directive> written() {
        return directive.block();
    }

    /** Whether that regular expression of nginx matches the text, or may: not all of them are understood here. */
    public static boolean mayMatch(String expression, String text) {
        return ServerNames.compiled(expression, false)
                .map(pattern -> pattern.matcher(text).find())
                .orElse(true);
    }

    @Override
    public String toString() {
        return place();
    }
}
