package org.ringcert.daemon.snippets;

import java.util.List;
import java.util.Optional;
import org.ringcert.daemon.snippets.nginx.Directive;
import org.ringcert.daemon.snippets.nginx.ServerBlock;

/** Whether a server block of nginx answers challenges, and what it would take. */
sealed interface NginxReadiness {

    /** It does. */
    record Answers() implements NginxReadiness {}

    /** It needs the line. */
    record Lacks() implements NginxReadiness {}

    /**
     * It has a location of its own for challenges, beside which nginx takes no other with that path.
     *
     * @param what the location, or the line of the block that includes it
     */
    record Occupied(Directive location, Directive what) implements NginxReadiness {}

    /**
     * It has the line, but nginx does something else first.
     *
     * @param first what it does
     */
    record TooLate(Directive first) implements NginxReadiness {}

    /**
     * It includes a file that is from an earlier version of Ringcert, and does not open its path against what surrounds
     * it.
     */
    record Outdated(Directive location) implements NginxReadiness {}

    /** What stands in every location of ours, and of nobody else. */
    String TOKENS = "{16,256}";

    String PATH = "/.well-known/acme-challenge/";

    static NginxReadiness of(ServerBlock server) {
        Optional<Directive> location =
                server.inside().filter(NginxReadiness::isForChallenges).findFirst();
        if (location.isEmpty()) {
            return new Lacks();
        }
        if (!isOurs(location.get())) {
            Directive what = server.written().stream()
                    .filter(written -> written.is("include") && written.inside().anyMatch(location.get()::equals))
                    .findFirst()
                    .orElse(location.get());
            return new Occupied(location.get(), what);
        }
        Optional<Directive> first = before(server.inside().toList());
        if (first.isPresent()) {
            return new TooLate(first.get());
        }
        boolean opens = location.get().inside().anyMatch(inner -> inner.is("satisfy"));
        return opens ? new Answers() : new Outdated(location.get());
    }

    /** Whether the block has ours itself, without a file between: so does the one that `ringcert web nginx` prints. */
    static boolean isPrinted(ServerBlock server) {
        return server.written().stream().anyMatch(inner -> isForChallenges(inner) && isOurs(inner));
    }

    /** nginx has one location of a path that is no expression, whether with {@code ^~} or without. */
    private static boolean isForChallenges(Directive directive) {
        return directive.is("location")
                && List.of(PATH, "^~ " + PATH, "^~" + PATH).contains(String.join(" ", directive.arguments()));
    }

    private static boolean isOurs(Directive location) {
        return location.inside()
                .anyMatch(
                        inner -> inner.is("location") && inner.words().getLast().contains(TOKENS));
    }

    /** What ends a request for a challenge before nginx looks for its location (ngx_http_rewrite_module). */
    private static Optional<Directive> before(List<Directive> directives) {
        for (Directive directive : directives) {
            if (directive.is("break") || isGuard(directive)) {
                return Optional.empty();
            }
            if (ends(directive)) {
                return Optional.of(directive);
            }
        }
        return Optional.empty();
    }

    private static boolean isGuard(Directive directive) {
        return directive.is("if")
                && directive.text().contains("acme-challenge")
                && directive.inside().anyMatch(inner -> inner.is("break"));
    }

    private static boolean ends(Directive directive) {
        return switch (directive.words().getFirst()) {
            case "return" -> true;
            case "rewrite" -> ServerBlock.mayMatch(directive.words().get(1), PATH + "a-token-of-any-kind");
            case "if" -> directive.inside().anyMatch(NginxReadiness::ends);
            default -> false;
        };
    }
}
