package org.ringcert.daemon.snippets.apache;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What keeps a virtual host from answering challenges although it has Ringcert's rules, or will have them as its first line. Tried on Apache 2.4: the rules come
 * before what stands in the virtual host itself, such as {@code Redirect}, and their last section, an {@code <If>}, is merged after all other sections, so that
 * it undoes their authorization. It cannot undo what is listed here.
 */
final class Obstacles {

    private static final String LINE = "the line `Include .../ringcert-challenges.conf`";

    private static final Set<String> REDIRECTS =
            Set.of("redirect", "redirectpermanent", "redirecttemp", "redirectmatch");
    private static final Set<String> STATUSES = Set.of("permanent", "temp", "seeother", "gone");

    /** What an {@code <If>} that is merged after ours shuts again. */
    private static final Set<String> SHUTTING = Set.of(
            "require",
            "requireall",
            "requireany",
            "requirenone",
            "deny",
            "order",
            "satisfy",
            "sslrequiressl",
            "sslrequire",
            "sethandler");

    private static final Set<String> CONDITIONS = Set.of("if", "elseif", "else");

    /** What acts before or beside all that is known here. */
    private static final Set<String> RIDDLES = Set.of("secrule", "secaction", "secruleengine", "jkmount");

    private final List<Directive> main;
    private final Host host;
    private final List<String> found = new ArrayList<>();

    private Obstacles(List<Directive> main, Host host) {
        this.main = main;
        this.host = host;
    }

    /** Each with its place, and what to do about it. */
    static List<String> of(List<Directive> main, Host host) {
        return new Obstacles(main, host).found();
    }

    private List<String> found() {
        List<Directive> inside = host.inside();
        int first = inside.stream()
                .filter(Challenge::isOurs)
                .findFirst()
                .map(this::firstOfTheSameFile)
                .orElse(0);
        inside.subList(0, first).forEach(this::before);
        inside.subList(first, inside.size()).forEach(this::both);
        int opened = inside.stream()
                .filter(Challenge::opens)
                .findFirst()
                .map(inside::indexOf)
                .orElse(0);
        sections(inside.subList(0, opened), false);
        sections(inside.subList(opened, inside.size()), true);
        mainServer();
        return found.stream().distinct().toList();
    }

    private int firstOfTheSameFile(Directive ours) {
        List<Directive> inside = host.inside();
        return inside.stream()
                .filter(rule -> rule.is("rewriterule")
                        && Challenge.isAboutChallenges(rule)
                        && rule.place().file().equals(ours.place().file()))
                .findFirst()
                .map(inside::indexOf)
                .orElse(0);
    }

    private void add(Directive directive, String what) {
        String written = directive.section() ? "<" + written(directive) + ">" : written(directive);
        found.add(directive.place() + "  " + written + ": " + what);
    }

    private static String written(Directive directive) {
        String text = (directive.name() + " " + directive.arguments()).strip();
        return text.length() > 80 ? text.substring(0, 77) + "..." : text;
    }

    private void before(Directive directive) {
        if (directive.is("rewriterule") && Challenge.isMatchedByRule(directive.word(0))) {
            add(
                    directive,
                    "this rule stands before Ringcert's and is tried first; move " + LINE
                            + " to the beginning of the virtual host");
        }
        both(directive);
    }

    private void both(Directive directive) {
        if (directive.is("rewriteoptions") && directive.says("InheritBefore")) {
            add(directive, "the main server's rules come before Ringcert's by this; write `Inherit`");
        }
        anywhere(directive, host.inside().subList(0, host.inside().indexOf(directive)));
    }

    private void mainServer() {
        List<Directive> shared =
                main.stream().filter(directive -> !directive.is("virtualhost")).toList();
        boolean rules = shared.stream().anyMatch(directive -> directive.is("rewriterule"));
        for (Directive directive : shared) {
            if (rules && directive.is("rewriteoptions") && directive.says("InheritDownBefore")) {
                add(directive, "the main server's rules come before Ringcert's by this; write `InheritDown`");
            }
            anywhere(directive, shared.subList(0, shared.indexOf(directive)));
        }
        sections(shared, false);
    }

    private void anywhere(Directive directive, List<Directive> earlier) {
        if (directive.is("proxypass", "proxypassmatch")
                && directive.mentions("mapping=")
                && proxies(directive)
                && earlier.stream().noneMatch(Obstacles::excepts)) {
            add(
                    directive,
                    "`mapping=` makes this come before all rules; write above it"
                            + " `ProxyPass /.well-known/acme-challenge/ ! mapping=encoded`, or take `mapping=` out");
        }
        if (directive.is("proxyremote", "proxyremotematch")
                && passesOn()
                && !directive.word(0).startsWith("https")) {
            boolean excepted = Stream.concat(host.inside().stream(), main.stream())
                    .anyMatch(other -> other.is("noproxy") && (other.says("127.0.0.1") || other.says("localhost")));
            if (!excepted) {
                add(directive, "this sends what is for Ringcert's daemon to another proxy; write `NoProxy 127.0.0.1`");
            }
        }
        if (directive.name().startsWith("luahook") || RIDDLES.contains(directive.name())) {
            add(directive, "what this does with challenges cannot be told from here; --try shows it");
        }
    }

    private static boolean proxies(Directive directive) {
        String first = directive.word(0);
        boolean path = first.startsWith("/");
        boolean covered =
                directive.is("proxypassmatch") ? Challenge.isMatched(first) : !path || Challenge.isBelow(first);
        return covered && !directive.says("!");
    }

    private static boolean excepts(Directive directive) {
        return directive.is("proxypass")
                && directive.says("!")
                && directive.mentions("mapping=")
                && Challenge.isBelow(directive.word(0));
    }

    /** Whether our rules hand challenges to the daemon, as far as they are there. */
    private boolean passesOn() {
        List<Directive> rules = host.inside().stream()
                .filter(directive -> directive.is("rewriterule") && directive.mentions("acme-challenge"))
                .toList();
        return rules.isEmpty() || rules.stream().anyMatch(rule -> rule.word(2).matches("\\[(.*,)?P(,.*)?\\]"));
    }

    /** @param late whether they are merged after our own section */
    private void sections(List<Directive> directives, boolean late) {
        boolean aboutChallenges = false;
        for (Directive directive : directives) {
            boolean goesOn = directive.is("else", "elseif") && aboutChallenges;
            aboutChallenges = goesOn || directive.mentions("acme-challenge");
            if (directive.section() && !goesOn) {
                section(directive, late);
            }
        }
    }

    private void section(Directive section, boolean late) {
        if (!applies(section)) {
            return;
        }
        boolean condition = CONDITIONS.contains(section.name());
        String where = condition
                ? "; add `&& %{REQUEST_URI} !~ m#^/\\.well-known/acme-challenge/#` to the condition of its <"
                        + section.name() + ">"
                : "; it is within <" + written(section)
                        + ">, where nothing undoes it: let it stand in the virtual host itself";
        for (Directive directive : section.inside()) {
            if (REDIRECTS.contains(directive.name()) && redirects(directive)) {
                add(directive, "this redirects challenges" + where);
            } else if (condition && late && shuts(directive)) {
                add(directive, "this comes after what Ringcert opens" + where);
            } else if (directive.is("proxypass") && directive.mentions("mapping=")) {
                add(directive, "`mapping=` makes this come before all rules; take it out");
            }
        }
        // a condition within a section is merged with it, and that is after ours
        sections(section.inside(), true);
    }

    private static boolean shuts(Directive directive) {
        return SHUTTING.contains(directive.name()) || (directive.is("rewriteengine") && directive.says("off"));
    }

    private boolean applies(Directive section) {
        String first = section.word(0);
        return switch (section.name()) {
            case "location" -> first.equals("~") ? Challenge.isMatched(section.word(1)) : Challenge.isBelow(first);
            case "locationmatch" -> Challenge.isMatched(first);
            case "if", "elseif", "else" -> !section.mentions("acme-challenge");
            case "proxy", "proxymatch" -> passesOn();
            case "directory", "directorymatch", "files", "filesmatch" -> !passesOn();
            case "limit" -> section.says("GET");
            case "limitexcept" -> !section.says("GET");
            default -> false;
        };
    }

    private static boolean redirects(Directive directive) {
        List<String> words = directive.words();
        boolean status = directive.is("redirect", "redirectmatch")
                && !words.isEmpty()
                && (STATUSES.contains(words.getFirst().toLowerCase(java.util.Locale.ROOT))
                        || words.getFirst().matches("[0-9]{3}"));
        String from = directive.word(status ? 1 : 0);
        return directive.is("redirectmatch")
                ? Challenge.isMatched(from)
                : !from.startsWith("/") || Challenge.isBelow(from);
    }
}
