package org.ringcert.daemon.snippets;

import java.util.List;
import java.util.Optional;
import org.ringcert.challenge.Token;
import org.ringcert.daemon.snippets.nginx.NginxDirective;
import org.ringcert.daemon.snippets.nginx.ServerBlock;

/** Whether an nginx server block answers challenges, and if not, why. */
sealed interface NginxChallengeSupport {

    /** It answers challenges. */
    record Answered() implements NginxChallengeSupport {}

    /** It does not have Ringcert's line. */
    record MissingLine() implements NginxChallengeSupport {}

    /**
     * It has a location of its own for challenges. nginx allows no second location with the same path.
     *
     * @param toRemove the location, or the directive in the block that includes it
     */
    record OwnLocation(NginxDirective location, NginxDirective toRemove) implements NginxChallengeSupport {}

    /**
     * It has Ringcert's line, but nginx does something else first.
     *
     * @param first the directive that nginx applies first
     */
    record TooLate(NginxDirective first) implements NginxChallengeSupport {}

    /**
     * It includes a file that was printed by an earlier version of Ringcert, which does not exempt challenges from the
     * restrictions around it.
     */
    record Outdated(NginxDirective location) implements NginxChallengeSupport {}

    /** Text that occurs in every location that Ringcert prints and in no other. */
    String TOKEN_LENGTHS = "{" + Token.MIN_LENGTH + "," + Token.MAX_LENGTH + "}";

    String CHALLENGE_PATH = Token.PATH_PREFIX;

    static NginxChallengeSupport of(ServerBlock server) {
        Optional<NginxDirective> location =
                server.inside().filter(NginxChallengeSupport::isForChallenges).findFirst();
        if (location.isEmpty()) {
            return new MissingLine();
        }
        if (!isRingcerts(location.get())) {
            NginxDirective toRemove = server.written().stream()
                    .filter(written -> written.is("include") && written.inside().anyMatch(location.get()::equals))
                    .findFirst()
                    .orElse(location.get());
            return new OwnLocation(location.get(), toRemove);
        }
        Optional<NginxDirective> first = firstToEnd(server.inside().toList());
        if (first.isPresent()) {
            return new TooLate(first.get());
        }
        boolean isUnrestricted = location.get().inside().anyMatch(inner -> inner.is("satisfy"));
        return isUnrestricted ? new Answered() : new Outdated(location.get());
    }

    /**
     * Returns whether the block contains Ringcert's location directly, rather than through an include, as the block
     * that {@code ringcert web nginx} prints does.
     */
    static boolean isPrinted(ServerBlock server) {
        return server.written().stream().anyMatch(inner -> isForChallenges(inner) && isRingcerts(inner));
    }

    /** nginx treats a path with and without {@code ^~} as the same location. */
    private static boolean isForChallenges(NginxDirective directive) {
        return directive.is("location")
                && List.of(CHALLENGE_PATH, "^~ " + CHALLENGE_PATH, "^~" + CHALLENGE_PATH)
                        .contains(String.join(" ", directive.arguments()));
    }

    private static boolean isRingcerts(NginxDirective location) {
        return location.inside()
                .anyMatch(
                        inner -> inner.is("location") && inner.words().getLast().contains(TOKEN_LENGTHS));
    }

    /**
     * Returns the directive that ends a request for a challenge before nginx looks for its location
     * (ngx_http_rewrite_module).
     */
    private static Optional<NginxDirective> firstToEnd(List<NginxDirective> directives) {
        for (NginxDirective directive : directives) {
            if (directive.is("break") || isGuard(directive)) {
                return Optional.empty();
            }
            if (endsRequest(directive)) {
                return Optional.of(directive);
            }
        }
        return Optional.empty();
    }

    private static boolean isGuard(NginxDirective directive) {
        return directive.is("if")
                && directive.text().contains("acme-challenge")
                && directive.inside().anyMatch(inner -> inner.is("break"));
    }

    private static boolean endsRequest(NginxDirective directive) {
        return switch (directive.words().getFirst()) {
            case "return" -> true;
            case "rewrite" -> ServerBlock.mayMatch(directive.words().get(1), CHALLENGE_PATH + "a-token-of-any-kind");
            case "if" -> directive.inside().anyMatch(NginxChallengeSupport::endsRequest);
            default -> false;
        };
    }
}
