package org.ringcert.daemon.snippets;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ringcert.daemon.snippets.haproxy.Condition;
import org.ringcert.daemon.snippets.haproxy.Condition.Moment;
import org.ringcert.daemon.snippets.haproxy.Holds;
import org.ringcert.daemon.snippets.haproxy.Line;
import org.ringcert.daemon.snippets.haproxy.Section;

/**
 * What a challenge meets in a section of HAProxy that speaks HTTP. HAProxy goes by the kind of a rule first: all
 * {@code http-request}, those of the defaults before the section's own; then all {@code redirect}; then all
 * {@code use_backend}.
 */
final class HaproxyReadiness {

    static final String PATH = "/.well-known/acme-challenge/";

    /** Actions of {@code http-request} after which the request is answered, refused or another. */
    private static final Set<String> ENDS = Set.of(
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

    private static final Set<String> REFUSES =
            Set.of("deny", "redirect", "return", "tarpit", "reject", "silent-drop", "set-status");

    private final Section section;
    private final List<InetAddress> askers;

    /** @param askers from where the other servers of the cluster ask */
    HaproxyReadiness(Section section, List<InetAddress> askers) {
        this.section = section;
        this.askers = List.copyOf(askers);
    }

    /** Whether an {@code http-request} of its own comes before the challenge is let through. */
    boolean needsFirstLine() {
        return early(section.lines("http-request")).findAny().isPresent()
                && section.defaults().stream()
                        .flatMap(defaults -> defaults.inherited("http-request").stream())
                        .noneMatch(this::isAllow);
    }

    /** Whether something else is the first to choose a backend. */
    boolean needsSecondLine() {
        for (Line line : section.lines("use_backend").toList()) {
            Holds holds = holds(line, Moment.REQUEST);
            if (!line.word(1).equals(WebServer.MARKER) && holds != Holds.NEVER) {
                return true;
            } else if (holds == Holds.ALWAYS) {
                return false;
            }
        }
        return section.inherited("default_backend").stream()
                .reduce((_, last) -> last)
                .filter(line -> line.word(1).equals(WebServer.MARKER))
                .isEmpty();
    }

    /** What the two lines do not stop, with what to do. */
    List<String> obstacles() {
        List<String> found = new ArrayList<>();
        section.defaults().stream()
                .flatMap(defaults ->
                        early(defaults.inherited("http-request").stream()).limit(1))
                .forEach(
                        line -> found.add(
                                quoted(line)
                                        + " of these defaults comes before all that its frontends say: write the first line there as well, before it"));
        section.lines("redirect")
                .filter(line -> holds(line, Moment.REQUEST) != Holds.NEVER)
                .forEach(line -> found.add(quoted(line)
                        + " comes before use_backend and is not stopped by `http-request allow`: write `http-request "
                        + line.text() + "`, below the first line"));
        found.addAll(narrow());
        found.addAll(statistics());
        for (String kind : List.of("http-response", "http-after-response")) {
            answers(kind)
                    .forEach(line -> found.add(quoted(line)
                            + " holds for answers to challenges as well, or may: give it the condition `!{ var("
                            + Condition.MARK
                            + ") -m bool }`, and write above the first line: `http-request set-var(" + Condition.MARK
                            + ") bool(true) if { path_beg " + PATH + " }`"));
        }
        found.addAll(refusals());
        return found;
    }

    /** What refuses connections, with what to do. */
    List<String> refusals() {
        return section.inherited("tcp-request").stream()
                .filter(line -> line.words().contains("reject") || line.words().contains("silent-drop"))
                .flatMap(line -> {
                    Moment moment = line.word(1).equals("content") ? Moment.CONTENT : Moment.CONNECTION;
                    if (condition(moment, List.of()).holds(line) != Holds.NEVER) {
                        return Stream.of(
                                quoted(line)
                                        + " comes before all rules for HTTP, and the CA's addresses are not known beforehand: write it as `http-request deny`, below the first line");
                    }
                    return condition(moment, askers).holds(line) == Holds.NEVER
                            ? Stream.of()
                            : Stream.of(
                                    quoted(line)
                                            + " refuses other servers of the cluster, which ask here for challenges: except their addresses");
                })
                .toList();
    }

    /** Lines that are meant for challenges, and do not hold for all of them. */
    private List<String> narrow() {
        List<String> found = new ArrayList<>();
        Stream<Line> allows = needsFirstLine()
                ? section.lines("http-request").filter(line -> line.word(1).equals("allow"))
                : Stream.of();
        Stream<Line> uses = needsSecondLine()
                ? section.lines("use_backend").filter(line -> line.word(1).equals(WebServer.MARKER))
                : Stream.of();
        Stream.concat(allows, uses)
                .filter(line -> holds(line, Moment.REQUEST) != Holds.ALWAYS)
                .forEach(line -> found.add(quoted(line)
                        + ": its condition is not understood here, or asks for more than the path: a CA comes from everywhere and asks under every name. Write `"
                        + line.keyword() + " " + line.word(1) + " if { path_beg " + PATH + " }`"));
        return found;
    }

    /**
     * Where HAProxy shows its own page for every path that begins with the one that is written. A backend takes that
     * from its defaults, too.
     */
    List<String> statistics() {
        return section.inherited("stats").stream()
                .filter(line -> line.word(1).equals("uri"))
                .reduce((_, last) -> last)
                .filter(line -> PATH.startsWith(line.word(2)) || line.word(2).startsWith(PATH))
                .map(
                        line -> quoted(line)
                                + " takes the path of challenges for its own page: write another, such as `stats uri /haproxy-stats`")
                .stream()
                .toList();
    }

    private List<Line> answers(String kind) {
        return section.inherited(kind).stream()
                .takeWhile(line -> !line.word(1).equals("allow") || holds(line, Moment.ANSWER) != Holds.ALWAYS)
                .filter(line -> REFUSES.contains(line.word(1)) || line.word(1).startsWith("lua."))
                .filter(line -> holds(line, Moment.ANSWER) != Holds.NEVER)
                .toList();
    }

    private static String quoted(Line line) {
        return line.place() + "  `" + line.text() + "`";
    }

    /** The rules that end a request before the first that lets challenges through. */
    private Stream<Line> early(Stream<Line> rules) {
        List<Line> all = rules.toList();
        int allow = all.size();
        for (int i = all.size() - 1; i >= 0; i--) {
            allow = isAllow(all.get(i)) ? i : allow;
        }
        return all.subList(0, allow).stream()
                .filter(line -> ENDS.contains(line.word(1)) || line.word(1).startsWith("lua."))
                .filter(line -> holds(line, Moment.REQUEST) != Holds.NEVER);
    }

    private boolean isAllow(Line line) {
        return line.word(1).equals("allow") && holds(line, Moment.REQUEST) == Holds.ALWAYS;
    }

    private Holds holds(Line line, Moment moment) {
        return condition(moment, askers).holds(line);
    }

    private Condition condition(Moment moment, List<InetAddress> from) {
        return new Condition(section.inherited("acl"), moment, isMarked(), from);
    }

    private boolean isMarked() {
        return section.inherited("http-request").stream()
                .takeWhile(line -> !line.word(1).equals("allow"))
                .filter(line -> line.word(1).equals("set-var(" + Condition.MARK + ")"))
                .anyMatch(line -> new Condition(section.inherited("acl"), Moment.REQUEST, false, List.of()).holds(line)
                        == Holds.ALWAYS);
    }
}
