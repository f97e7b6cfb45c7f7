package org.ringcert.daemon.snippets.nginx;

import java.util.List;
import java.util.stream.Stream;

/** A {@code server} block of http. Immutable. */
public final class ServerBlock {

    private final NginxDirective directive;
    private final List<Listen> listens;
    private final List<String> names;

    ServerBlock(NginxDirective directive) {
        this.directive = directive;
        List<Listen> written = directive
                .inside()
                .filter(inner -> inner.is("listen"))
                .flatMap(Listen::of)
                .toList();
        this.listens = written.isEmpty() ? List.of(new Listen(NginxSocket.ipv4(80), List.of(), position())) : written;
        this.names = directive
                .inside()
                .filter(inner -> inner.is("server_name"))
                .flatMap(inner -> inner.arguments().stream())
                .toList();
    }

    /** Returns the file and line of its opening brace. */
    public String position() {
        return directive.file() + ":" + directive.opening();
    }

    /** Returns where it listens; port 80 if it has no {@code listen} directive. */
    public List<Listen> listens() {
        return listens;
    }

    /** Returns its server names as written; empty if it has none. */
    public List<String> names() {
        return names;
    }

    /** Returns its server names that only nginx itself can interpret. */
    public List<String> unsupportedNames() {
        return names.stream().filter(ServerNames::isUnsupported).toList();
    }

    /** Returns its directives in the order that nginx uses. */
    public Stream<NginxDirective> inside() {
        return directive.inside();
    }

    /** Returns the directives in the block itself, without those of included files. */
    public List<NginxDirective> written() {
        return directive.block();
    }

    /**
     * Returns whether a regular expression of nginx matches the text, or may do so: not all of them are understood
     * here.
     */
    public static boolean mayMatch(String expression, String text) {
        return ServerNames.compile(expression, 0)
                .map(pattern -> pattern.matcher(text).find())
                .orElse(true);
    }

    @Override
    public String toString() {
        return position();
    }
}
