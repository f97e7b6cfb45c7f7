package org.ringcert.daemon.snippets;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ringcert.challenge.Token;
import org.ringcert.daemon.snippets.haproxy.Applicability;
import org.ringcert.daemon.snippets.haproxy.ConditionEvaluator;
import org.ringcert.daemon.snippets.haproxy.ConditionEvaluator.Marking;
import org.ringcert.daemon.snippets.haproxy.ConditionEvaluator.Moment;
import org.ringcert.daemon.snippets.haproxy.HaproxyLine;
import org.ringcert.daemon.snippets.haproxy.HaproxySection;

/**
 * What happens to a request for a challenge in a section of HAProxy's configuration that speaks HTTP. HAProxy processes
 * rules by kind: first all {@code http-request} rules, those of the defaults before the section's own; then all
 * {@code redirect} rules; then all {@code use_backend} rules.
 */
final class HaproxyRuleCheck {

    static final String CHALLENGE_PATH = Token.PATH_PREFIX;

    /** Actions of {@code http-request} that answer or refuse the request, or change its path. */
    private static final Set<String> FINAL_ACTIONS = Set.of(
            "deny",
            "tarpit",
            "reject",
            "silent-drop",
            "auth",
            "redirect",
            "return",
            "use-service",
            "set-path",
            "set-pathq",
            "set-uri",
            "replace-path",
            "replace-pathq",
            "replace-uri",
            "normalize-uri");

    private static final Set<String> RESPONSE_ACTIONS =
            Set.of("deny", "redirect", "return", "tarpit", "reject", "silent-drop", "set-status");

    private final HaproxySection section;
    private final List<InetAddress> peerAddresses;

    /**
     * Creates a check of one section.
     *
     * @param peerAddresses addresses from which the other servers of the cluster connect
     */
    HaproxyRuleCheck(HaproxySection section, List<InetAddress> peerAddresses) {
        this.section = section;
        this.peerAddresses = List.copyOf(peerAddresses);
    }

    /**
     * Returns whether one of the section's own {@code http-request} rules ends a request before challenges are allowed.
     */
    boolean needsFirstLine() {
        return rulesBeforeAllow(section.lines("http-request")).findAny().isPresent()
                && section.defaults().stream()
                        .flatMap(defaults -> defaults.inherited("http-request").stream())
                        .noneMatch(this::isAllow);
    }

    /** Returns whether another backend may be chosen before Ringcert's. */
    boolean needsSecondLine() {
        for (HaproxyLine line : section.lines("use_backend").toList()) {
            Applicability applicability = applicability(line, Moment.REQUEST);
            if (!line.word(1).equals(WebServer.MARKER) && applicability != Applicability.NEVER) {
                return true;
            } else if (applicability == Applicability.ALWAYS) {
                return false;
            }
        }
        return section.inherited("default_backend").stream()
                .reduce((_, last) -> last)
                .filter(line -> line.word(1).equals(WebServer.MARKER))
                .isEmpty();
    }

    /** Returns the rules that the two lines do not overrule, each with what to do. */
    List<String> conflicts() {
        List<String> problems = new ArrayList<>();
        section.defaults().stream()
                .flatMap(defaults -> rulesBeforeAllow(defaults.inherited("http-request").stream())
                        .limit(1))
                .forEach(
                        line -> problems.add(
                                quoted(line)
                                        + " in these defaults runs before all rules of its frontends: write the first line there as well, above it"));
        section.lines("redirect")
                .filter(line -> applicability(line, Moment.REQUEST) != Applicability.NEVER)
                .forEach(line -> problems.add(quoted(line)
                        + " runs before use_backend, and `http-request allow` does not stop it: write `http-request "
                        + line.text() + "` instead, below the first line"));
        problems.addAll(tooNarrow());
        problems.addAll(statistics());
        for (String kind : List.of("http-response", "http-after-response")) {
            responseRules(kind)
                    .forEach(line -> problems.add(quoted(line)
                            + " applies, or may apply, to responses to challenges: add the condition `!{ var("
                            + ConditionEvaluator.CHALLENGE_VARIABLE
                            + ") -m bool }` to it, and write above the first line: `http-request set-var("
                            + ConditionEvaluator.CHALLENGE_VARIABLE
                            + ") bool(true) if { path_beg " + CHALLENGE_PATH + " }`"));
        }
        problems.addAll(refusedConnections());
        return problems;
    }

    /** Returns the rules that refuse connections, each with what to do. */
    List<String> refusedConnections() {
        return section.inherited("tcp-request").stream()
                .filter(line -> line.words().contains("reject") || line.words().contains("silent-drop"))
                .flatMap(line -> {
                    Moment moment = line.word(1).equals("content") ? Moment.CONTENT : Moment.CONNECTION;
                    if (condition(moment, List.of()).evaluate(line) != Applicability.NEVER) {
                        return Stream.of(
                                quoted(line)
                                        + " runs before all rules for HTTP, and nobody knows the CA's addresses in advance: write it as `http-request deny`, below the first line");
                    }
                    return condition(moment, peerAddresses).evaluate(line) == Applicability.NEVER
                            ? Stream.of()
                            : Stream.of(
                                    quoted(line)
                                            + " rejects other servers of the cluster, which request challenges here: exclude their addresses");
                })
                .toList();
    }

    /** Returns rules that are meant for challenges but do not apply to all of them. */
    private List<String> tooNarrow() {
        List<String> problems = new ArrayList<>();
        Stream<HaproxyLine> allows = needsFirstLine()
                ? section.lines("http-request").filter(line -> line.word(1).equals("allow"))
                : Stream.of();
        Stream<HaproxyLine> backends = needsSecondLine()
                ? section.lines("use_backend").filter(line -> line.word(1).equals(WebServer.MARKER))
                : Stream.of();
        Stream.concat(allows, backends)
                .filter(line -> applicability(line, Moment.REQUEST) != Applicability.ALWAYS)
                .forEach(line -> problems.add(quoted(line)
                        + ": Ringcert does not understand its condition, or the condition tests more than the path. A CA connects from anywhere and uses every name. Write `"
                        + line.keyword() + " " + line.word(1) + " if { path_beg " + CHALLENGE_PATH + " }`"));
        return problems;
    }

    /**
     * Returns a problem if HAProxy shows its statistics page for the path of challenges: it does so for every path that
     * begins with the configured one. A backend inherits this setting from its defaults.
     */
    List<String> statistics() {
        return section.inherited("stats").stream()
                .filter(line -> line.word(1).equals("uri"))
                .reduce((_, last) -> last)
                .filter(line ->
                        CHALLENGE_PATH.startsWith(line.word(2)) || line.word(2).startsWith(CHALLENGE_PATH))
                .map(
                        line -> quoted(line)
                                + " takes over the path of challenges for the statistics page: choose another, such as `stats uri /haproxy-stats`")
                .stream()
                .toList();
    }

    private List<HaproxyLine> responseRules(String kind) {
        return section.inherited(kind).stream()
                .takeWhile(line ->
                        !line.word(1).equals("allow") || applicability(line, Moment.RESPONSE) != Applicability.ALWAYS)
                .filter(line ->
                        RESPONSE_ACTIONS.contains(line.word(1)) || line.word(1).startsWith("lua."))
                .filter(line -> applicability(line, Moment.RESPONSE) != Applicability.NEVER)
                .toList();
    }

    private static String quoted(HaproxyLine line) {
        return line.position() + "  `" + line.text() + "`";
    }

    /** Returns the rules that end a request before the first rule that allows all challenges. */
    private Stream<HaproxyLine> rulesBeforeAllow(Stream<HaproxyLine> rules) {
        List<HaproxyLine> all = rules.toList();
        int allow = all.size();
        for (int i = all.size() - 1; i >= 0; i--) {
            allow = isAllow(all.get(i)) ? i : allow;
        }
        return all.subList(0, allow).stream()
                .filter(line ->
                        FINAL_ACTIONS.contains(line.word(1)) || line.word(1).startsWith("lua."))
                .filter(line -> applicability(line, Moment.REQUEST) != Applicability.NEVER);
    }

    private boolean isAllow(HaproxyLine line) {
        return line.word(1).equals("allow") && applicability(line, Moment.REQUEST) == Applicability.ALWAYS;
    }

    private Applicability applicability(HaproxyLine line, Moment moment) {
        return condition(moment, peerAddresses).evaluate(line);
    }

    private ConditionEvaluator condition(Moment moment, List<InetAddress> addresses) {
        return new ConditionEvaluator(section.inherited("acl"), moment, marking(), addresses);
    }

    private Marking marking() {
        boolean marked = section.inherited("http-request").stream()
                .takeWhile(line -> !line.word(1).equals("allow"))
                .filter(line -> line.word(1).equals("set-var(" + ConditionEvaluator.CHALLENGE_VARIABLE + ")"))
                .anyMatch(line ->
                        new ConditionEvaluator(section.inherited("acl"), Moment.REQUEST, Marking.UNMARKED, List.of())
                                        .evaluate(line)
                                == Applicability.ALWAYS);
        return marked ? Marking.MARKED : Marking.UNMARKED;
    }
}
