package org.ringcert.daemon.snippets;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.daemon.snippets.haproxy.Line;
import org.ringcert.daemon.snippets.haproxy.Section;

/**
 * What a challenge meets in a section of HAProxy that speaks HTTP. HAProxy goes by the kind of a rule first: all {@code http-request}, those of the defaults
 * before the section's own; then all {@code redirect}; then all {@code use_backend}.
 */
final class HaproxyReadiness {

    static final String PATH = "/.well-known/acme-challenge/";

    /** A variable by which a request for a challenge is known when the answer comes. */
    private static final String MARK = "txn.ringcert";

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

    private static final Set<String> REFUSES = Set.of("deny", "redirect", "return", "tarpit", "reject", "silent-drop");

    private final Section section;
    private final Set<String> lists;

    HaproxyReadiness(Section section) {
        this.section = section;
        this.lists = section.inherited("acl").stream()
                .filter(line -> line.text().contains("acme-challenge"))
                .map(line -> line.word(1))
                .collect(Collectors.toSet());
    }

    /** Whether nothing is to be done. */
    boolean answers() {
        return !needsFirstLine() && !needsSecondLine() && obstacles().isEmpty();
    }

    /** Whether an {@code http-request} of its own comes before the challenge is let through. */
    boolean needsFirstLine() {
        return early(section.lines("http-request")).findAny().isPresent()
                && inheritedAllow().isEmpty();
    }

    /** Whether something else is the first to choose a backend. */
    boolean needsSecondLine() {
        return section.lines("use_backend")
                .filter(line -> !spares(line))
                .findFirst()
                .filter(line -> line.word(1).equals(WebServer.MARKER) && isForChallenges(line))
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
                                line.place() + "  `" + line.text()
                                        + "` of these defaults comes before all that its frontends say: write the first line there as well, before it"));
        section.lines("redirect")
                .filter(line -> !spares(line))
                .forEach(line -> found.add(line.place() + "  `" + line.text()
                        + "` comes before use_backend and is not stopped by `http-request allow`: write `http-request "
                        + line.text() + "`, below the first line"));
        section.inherited("http-response").stream()
                .filter(line -> REFUSES.contains(line.word(1))
                        && !spares(line)
                        && !line.text().contains(MARK))
                .forEach(line -> found.add(line.place() + "  `" + line.text()
                        + "` holds for answers to challenges as well: give it the condition `!{ var(" + MARK
                        + ") -m bool }`, and write above the first line: `http-request set-var(" + MARK
                        + ") bool(true) if { path_beg " + PATH + " }`"));
        section.inherited("tcp-request").stream()
                .filter(HaproxyReadiness::refusesStrangers)
                .forEach(
                        line -> found.add(
                                line.place() + "  `" + line.text()
                                        + "` comes before all rules for HTTP, and the CA's addresses are not known beforehand: write it as `http-request deny`, below the first line"));
        return found;
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
                .filter(line -> !spares(line));
    }

    private List<Line> inheritedAllow() {
        return section.defaults().stream()
                .flatMap(defaults -> defaults.inherited("http-request").stream())
                .filter(this::isAllow)
                .toList();
    }

    private boolean isAllow(Line line) {
        return line.word(1).equals("allow") && (isForChallenges(line) || !hasCondition(line));
    }

    private static boolean hasCondition(Line line) {
        return line.words().contains("if") || line.words().contains("unless");
    }

    /** Whether its condition is that the request is for a challenge. */
    private boolean isForChallenges(Line line) {
        return mentions(line) && line.words().contains("if") && !isNegated(line);
    }

    /** Whether its condition leaves challenges out. */
    private boolean spares(Line line) {
        return mentions(line) && (line.words().contains("unless") != isNegated(line));
    }

    private boolean mentions(Line line) {
        return line.text().contains("acme-challenge")
                || line.words().stream()
                        .map(word -> word.replaceFirst("^!", ""))
                        .anyMatch(lists::contains);
    }

    /** Whether an exclamation mark stands before what names challenges. */
    private boolean isNegated(Line line) {
        boolean negated = false;
        boolean inside = false;
        for (String word : line.words()) {
            negated |= word.startsWith("!");
            String term = word.replaceFirst("^!", "");
            if (term.contains("acme-challenge") || lists.contains(term)) {
                return negated;
            }
            inside = term.equals("{") || (inside && !term.equals("}"));
            negated &= inside || term.isEmpty();
        }
        return false;
    }

    /** A list of addresses that are refused is none of the CA's, as far as anyone knows; a list of those that are let in is. */
    private static boolean refusesStrangers(Line line) {
        boolean refuses = line.words().contains("reject") || line.words().contains("silent-drop");
        boolean listed = line.words().contains("if")
                && line.words().contains("src")
                && line.words().stream().noneMatch(word -> word.startsWith("!"));
        return refuses && !listed;
    }
}
