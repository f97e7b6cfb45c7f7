package org.ringcert.daemon.snippets.apache;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Finds sections such as {@code <Location>} and {@code <If>} that redirect challenges, or that Apache merges after the
 * section with which Ringcert grants access.
 */
final class SectionConflicts {

    private static final Set<String> REDIRECTS =
            Set.of("redirect", "redirectpermanent", "redirecttemp", "redirectmatch");
    private static final Set<String> STATUSES = Set.of("permanent", "temp", "seeother", "gone");
    private static final Set<String> CONDITIONS = Set.of("if", "elseif", "else");

    private static final String IS_CHALLENGE = "\"%{REQUEST_URI} =~ m#" + ChallengePath.PREFIX + "#\"";
    private static final String EXCLUDE_IN_CONDITION =
            "; add `&& %{REQUEST_URI} !~ m#" + ChallengePath.PREFIX + "#` to the condition of its <If>";

    private final RingcertRules rules;
    private final ConflictList conflicts;

    SectionConflicts(RingcertRules rules, ConflictList conflicts) {
        this.rules = rules;
        this.conflicts = conflicts;
    }

    /** Checks sections that Apache merges before Ringcert's section. */
    void checkMergedBefore(List<ApacheDirective> directives) {
        check(directives, MergeOrder.BEFORE);
    }

    /** Checks sections that Apache merges after Ringcert's section. */
    void checkMergedAfter(List<ApacheDirective> directives) {
        check(directives, MergeOrder.AFTER);
    }

    /** When Apache merges a section, compared with Ringcert's. */
    private enum MergeOrder {
        BEFORE,
        AFTER
    }

    private void check(List<ApacheDirective> directives, MergeOrder order) {
        List<ApacheDirective> sections =
                directives.stream().filter(ApacheDirective::isSection).toList();
        if (sections.isEmpty()) {
            return;
        }
        ApacheDirective chainStart = sections.getFirst();
        boolean branchTaken = false;
        for (int i = 0; i < sections.size(); i++) {
            ApacheDirective section = sections.get(i);
            if (!CONDITIONS.contains(section.name())) {
                checkSection(
                        section,
                        order,
                        "; it is inside " + section.text()
                                + ", where nothing can override it: move it to the virtual host itself");
                continue;
            }
            if (section.is("if")) {
                chainStart = section;
                branchTaken = false;
            }
            IfCondition condition = IfCondition.of(section);
            if (!branchTaken && condition.possible()) {
                boolean needsBranch = !section.is("if")
                        || (i + 1 < sections.size() && sections.get(i + 1).is("else", "elseif"))
                        || section.word(0).matches(".*(\\|\\||\\bor\\b).*");
                checkSection(section, order, needsBranch ? addBranch(chainStart) : EXCLUDE_IN_CONDITION);
            }
            branchTaken |= condition.certain();
        }
    }

    private static String addBranch(ApacheDirective chainStart) {
        return "; give challenges a branch of their own: write `<If " + IS_CHALLENGE + ">` and `</If>` above "
                + chainStart.text() + " (" + chainStart.position() + "), and make that an <ElseIf>";
    }

    /** @param remedy what to do about a redirect and about denied access */
    private void checkSection(ApacheDirective section, MergeOrder order, String remedy) {
        if (!appliesToChallenges(section)) {
            return;
        }
        boolean overrides = CONDITIONS.contains(section.name()) && order == MergeOrder.AFTER;
        LaterAccessRules access = new LaterAccessRules(section.inside(), rules.haveSatisfyAny());
        for (ApacheDirective directive : section.inside()) {
            if (REDIRECTS.contains(directive.name()) && redirectsChallenges(directive)) {
                conflicts.add(directive, "this redirects challenges" + remedy);
            } else if (overrides && (preventsAnswer(directive) || access.isBlockedBy(directive))) {
                conflicts.add(directive, "Apache applies this after Ringcert has granted access" + remedy);
            } else if (directive.is("proxypass") && directive.mentions("mapping=")) {
                conflicts.add(directive, "`mapping=` makes this run before all rules; remove it");
            }
        }
        // Apache merges a condition inside a section together with that section, which is after Ringcert's.
        check(section.inside(), MergeOrder.AFTER);
    }

    private static boolean preventsAnswer(ApacheDirective directive) {
        return directive.is("sslrequiressl", "sslrequire")
                || (directive.is("sethandler") && !directive.hasWord("none"))
                || (directive.is("rewriteengine") && directive.hasWord("off"));
    }

    private boolean appliesToChallenges(ApacheDirective section) {
        String first = section.word(0);
        return switch (section.name()) {
            case "location" ->
                first.equals("~") ? ChallengePath.matchesSome(section.word(1)) : ChallengePath.covers(first);
            case "locationmatch" -> ChallengePath.matchesSome(first);
            case "if", "elseif", "else" -> true;
            case "proxy", "proxymatch" -> rules.mayUseDaemon();
            case "directory", "directorymatch", "files", "filesmatch" -> !rules.mayUseDaemon();
            case "limit" -> section.hasWord("GET");
            case "limitexcept" -> !section.hasWord("GET");
            default -> false;
        };
    }

    private static boolean redirectsChallenges(ApacheDirective directive) {
        List<String> words = directive.words();
        boolean hasStatus = directive.is("redirect", "redirectmatch")
                && !words.isEmpty()
                && (STATUSES.contains(words.getFirst().toLowerCase(Locale.ROOT))
                        || words.getFirst().matches("[0-9]{3}"));
        String from = directive.word(hasStatus ? 1 : 0);
        return directive.is("redirectmatch")
                ? ChallengePath.matchesSome(from)
                : !from.startsWith("/") || ChallengePath.covers(from);
    }
}
