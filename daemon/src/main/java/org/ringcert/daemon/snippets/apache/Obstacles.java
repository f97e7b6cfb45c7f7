package org.ringcert.daemon.snippets.apache;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;

/**
 * What keeps a virtual host from answering challenges although it has Ringcert's rules, or will have them as its first
 * line. Tried on Apache 2.4: the rules come before what stands in the virtual host itself, such as {@code Redirect},
 * and their last section, an {@code <If>}, is merged after all other sections, so that it undoes their authorization.
 * It cannot undo what is listed here.
 */
final class Obstacles {

    private static final String LINE = "the line `Include .../ringcert-challenges.conf`";

    private static final Set<String> REDIRECTS =
            Set.of("redirect", "redirectpermanent", "redirecttemp", "redirectmatch");
    private static final Set<String> STATUSES = Set.of("permanent", "temp", "seeother", "gone");

    private static final String CHALLENGES = "\"%{REQUEST_URI} =~ m#^/\\.well-known/acme-challenge/#\"";
    private static final String IN_CONDITION =
            "; add `&& %{REQUEST_URI} !~ m#^/\\.well-known/acme-challenge/#` to the condition of its <If>";

    private static final Set<String> CONDITIONS = Set.of("if", "elseif", "else");

    /** What acts before or beside all that is known here. */
    private static final Set<String> RIDDLES = Set.of("secrule", "secaction", "secruleengine", "jkmount");

    private final List<Directive> main;
    private final Host host;
    private final List<HostName> names;
    private final List<String> found = new ArrayList<>();

    private Obstacles(List<Directive> main, Host host, List<HostName> names) {
        this.main = main;
        this.host = host;
        this.names = names;
    }

    /**
     * Each with its place, and what to do about it.
     *
     * @param names under which challenges are asked for
     */
    static List<String> of(List<Directive> main, Host host, List<HostName> names) {
        return new Obstacles(main, host, names).found();
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
        String text = directive.text();
        found.add(directive.place() + "  " + (text.length() > 80 ? text.substring(0, 77) + "..." : text) + ": " + what);
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
        if (directive.is("proxyremote", "proxyremotematch") && passesOn() && isForDaemon(directive)) {
            String asked = names.stream()
                    .map(HostName::value)
                    .filter(name -> !isExcepted(name))
                    .collect(Collectors.joining(" "));
            if (!asked.isEmpty()) {
                add(
                        directive,
                        "this sends what is for Ringcert's daemon to another proxy; write `NoProxy " + asked
                                + "`, for Apache compares that with the name that is asked for and not with the daemon's address;"
                                + " or name here the URLs that the other proxy is for");
            }
        }
        if (directive.is("proxyblock")
                && passesOn()
                && directive.words().stream().anyMatch(this::blocks)) {
            add(directive, "this refuses what is for Ringcert's daemon; name here only hosts that are to be refused");
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

    /** As mod_proxy's proxy_handler does: any, a scheme, the beginning of a URL, or a pattern for it. */
    private boolean isForDaemon(Directive remote) {
        String which = remote.word(0);
        return remote.is("proxyremotematch")
                ? isFound(which, daemon())
                : which.equals("*") || (which.contains("://") ? daemon().startsWith(which) : which.equals("http"));
    }

    private static boolean isFound(String expression, String url) {
        try {
            return Pattern.compile(expression).matcher(url).find();
        } catch (PatternSyntaxException e) {
            return true;
        }
    }

    /** Tried on Apache 2.4: a name counts as it is written; with a dot before it, all that end so. */
    private boolean isExcepted(String name) {
        return Stream.concat(host.inside().stream(), main.stream())
                .filter(directive -> directive.is("noproxy"))
                .flatMap(directive -> directive.words().stream())
                .anyMatch(word -> word.equals(name) || (word.startsWith(".") && name.endsWith(word)));
    }

    private boolean blocks(String word) {
        return word.equals("*") || URI.create(daemon()).getHost().contains(word);
    }

    /** The URL of challenges at the daemon: that of our rules, or what they usually have. */
    private String daemon() {
        return host.inside().stream()
                .filter(Obstacles::isHandingOver)
                .map(rule -> rule.word(1).replaceAll("\\$.*", ""))
                .filter(url -> url.matches("http://[^%$]+"))
                .findFirst()
                .orElse("http://127.0.0.1:8080");
    }

    private static boolean isHandingOver(Directive rule) {
        return rule.is("rewriterule")
                && rule.mentions("acme-challenge")
                && rule.word(2).matches("\\[(.*,)?P(,.*)?\\]");
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
        return rules.isEmpty() || rules.stream().anyMatch(Obstacles::isHandingOver);
    }

    /** @param late whether they are merged after our own section */
    private void sections(List<Directive> directives, boolean late) {
        List<Directive> sections =
                directives.stream().filter(Directive::section).toList();
        if (sections.isEmpty()) {
            return;
        }
        Directive head = sections.getFirst();
        boolean taken = false;
        for (int i = 0; i < sections.size(); i++) {
            Directive section = sections.get(i);
            if (!CONDITIONS.contains(section.name())) {
                section(
                        section,
                        late,
                        "; it is within " + section.text()
                                + ", where nothing undoes it: let it stand in the virtual host itself");
                continue;
            }
            if (section.is("if")) {
                head = section;
                taken = false;
            }
            Expression condition = Expression.of(section);
            if (!taken && condition.may()) {
                boolean chain = !section.is("if")
                        || (i + 1 < sections.size() && sections.get(i + 1).is("else", "elseif"))
                        || section.word(0).matches(".*(\\|\\||\\bor\\b).*");
                section(section, late, chain ? ownBranch(head) : IN_CONDITION);
            }
            taken |= condition.surely();
        }
    }

    private static String ownBranch(Directive head) {
        return "; give challenges a branch of their own: write `<If " + CHALLENGES + ">` and `</If>` above "
                + head.text() + " (" + head.place() + "), and make that an <ElseIf>";
    }

    /** @param remedy what helps against a redirect and against what shuts, if that is possible */
    private void section(Directive section, boolean late, String remedy) {
        if (!applies(section)) {
            return;
        }
        boolean condition = CONDITIONS.contains(section.name());
        Authorization authorization = new Authorization(section.inside(), isSatisfied());
        for (Directive directive : section.inside()) {
            if (REDIRECTS.contains(directive.name()) && redirects(directive)) {
                add(directive, "this redirects challenges" + remedy);
            } else if (condition && late && (shuts(directive) || authorization.isShutBy(directive))) {
                add(directive, "this comes after what Ringcert opens" + remedy);
            } else if (directive.is("proxypass") && directive.mentions("mapping=")) {
                add(directive, "`mapping=` makes this come before all rules; take it out");
            }
        }
        // a condition within a section is merged with it, and that is after ours
        sections(section.inside(), true);
    }

    private boolean isSatisfied() {
        return host.inside().stream()
                .filter(Challenge::opens)
                .anyMatch(section -> section.inside().stream()
                        .anyMatch(directive -> directive.is("satisfy") && directive.says("any")));
    }

    private static boolean shuts(Directive directive) {
        return directive.is("sslrequiressl", "sslrequire")
                || (directive.is("sethandler") && !directive.says("none"))
                || (directive.is("rewriteengine") && directive.says("off"));
    }

    private boolean applies(Directive section) {
        String first = section.word(0);
        return switch (section.name()) {
            case "location" -> first.equals("~") ? Challenge.isMatched(section.word(1)) : Challenge.isBelow(first);
            case "locationmatch" -> Challenge.isMatched(first);
            case "if", "elseif", "else" -> true;
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
