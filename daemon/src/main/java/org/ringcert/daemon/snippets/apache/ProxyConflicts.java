package org.ringcert.daemon.snippets.apache;

import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;

/** Finds directives of mod_proxy that take challenges away from Ringcert's rules or from its daemon. */
final class ProxyConflicts {

    private final List<ApacheDirective> main;
    private final VirtualHost host;
    private final RingcertRules rules;
    private final List<HostName> names;
    private final ConflictList conflicts;

    ProxyConflicts(
            List<ApacheDirective> main,
            VirtualHost host,
            RingcertRules rules,
            List<HostName> names,
            ConflictList conflicts) {
        this.main = main;
        this.host = host;
        this.rules = rules;
        this.names = names;
        this.conflicts = conflicts;
    }

    /**
     * Checks one directive.
     *
     * @param earlier the directives before it in the same place
     */
    void check(ApacheDirective directive, List<ApacheDirective> earlier) {
        if (isEarlyMapping(directive) && earlier.stream().noneMatch(ProxyConflicts::excludesChallenges)) {
            conflicts.add(
                    directive,
                    "`mapping=` makes this run before all rules; write" + " `ProxyPass " + Token.PATH_PREFIX
                            + " ! mapping=encoded` above it, or remove `mapping=`");
        }
        if (!rules.mayUseDaemon()) {
            return;
        }
        if (directive.is("proxyremote", "proxyremotematch") && coversDaemon(directive)) {
            checkExclusions(directive);
        }
        if (directive.is("proxyblock") && directive.words().stream().anyMatch(this::blocksDaemon)) {
            conflicts.add(directive, "this blocks requests to Ringcert's daemon; list only hosts that must be blocked");
        }
    }

    private void checkExclusions(ApacheDirective remote) {
        String missing = names.stream()
                .map(HostName::value)
                .filter(name -> !isExcluded(name))
                .collect(Collectors.joining(" "));
        if (!missing.isEmpty()) {
            conflicts.add(
                    remote,
                    "this sends requests for Ringcert's daemon to another proxy; write `NoProxy " + missing
                            + "` (Apache compares it with the requested name, not with the daemon's address),"
                            + " or limit this directive to the URLs that the other proxy is for");
        }
    }

    private static boolean isEarlyMapping(ApacheDirective directive) {
        if (!directive.is("proxypass", "proxypassmatch") || !directive.mentions("mapping=") || directive.hasWord("!")) {
            return false;
        }
        String path = directive.word(0);
        return directive.is("proxypassmatch")
                ? ChallengePath.matchesSome(path)
                : !path.startsWith("/") || ChallengePath.covers(path);
    }

    private static boolean excludesChallenges(ApacheDirective directive) {
        return directive.is("proxypass")
                && directive.hasWord("!")
                && directive.mentions("mapping=")
                && ChallengePath.covers(directive.word(0));
    }

    /** Matches as mod_proxy's proxy_handler does: any URL, a scheme, the beginning of a URL, or a pattern. */
    private boolean coversDaemon(ApacheDirective remote) {
        String match = remote.word(0);
        String daemon = rules.daemonUrl();
        return remote.is("proxyremotematch")
                ? isFound(match, daemon)
                : match.equals("*") || (match.contains("://") ? daemon.startsWith(match) : match.equals("http"));
    }

    private static boolean isFound(String expression, String url) {
        try {
            return Pattern.compile(expression).matcher(url).find();
        } catch (PatternSyntaxException e) {
            return true;
        }
    }

    /** Verified with Apache 2.4: a name matches literally; with a leading dot it matches all names with that ending. */
    private boolean isExcluded(String name) {
        return Stream.concat(host.inside().stream(), main.stream())
                .filter(directive -> directive.is("noproxy"))
                .flatMap(directive -> directive.words().stream())
                .anyMatch(word -> word.equals(name) || (word.startsWith(".") && name.endsWith(word)));
    }

    private boolean blocksDaemon(String word) {
        return word.equals("*") || URI.create(rules.daemonUrl()).getHost().contains(word);
    }
}
