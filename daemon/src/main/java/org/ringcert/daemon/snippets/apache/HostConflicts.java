package org.ringcert.daemon.snippets.apache;

import java.util.List;
import java.util.Set;
import org.ringcert.cluster.HostName;

/**
 * Finds what keeps a virtual host from answering challenges although it has Ringcert's rules, or will have them as its
 * first line. Verified with Apache 2.4: the rules run before other directives of the virtual host itself, such as
 * {@code Redirect}. The section that comes with them, an {@code <If>}, is merged after all other sections, so it
 * overrides their access control. What is found here cannot be overridden.
 */
final class HostConflicts {

    private static final String LINE = "the line `Include .../ringcert-challenges.conf`";

    /** Directives that act before or outside of everything that Ringcert understands. */
    private static final Set<String> UNPREDICTABLE = Set.of("secrule", "secaction", "secruleengine", "jkmount");

    private final List<ApacheDirective> main;
    private final VirtualHost host;
    private final ConflictList conflicts = new ConflictList();
    private final ProxyConflicts proxies;
    private final SectionConflicts sections;

    private HostConflicts(List<ApacheDirective> main, VirtualHost host, List<HostName> names) {
        this.main = main;
        this.host = host;
        RingcertRules rules = new RingcertRules(host.inside());
        this.proxies = new ProxyConflicts(main, host, rules, names, conflicts);
        this.sections = new SectionConflicts(rules, conflicts);
    }

    /**
     * Returns the conflicts, each with its position and what to do.
     *
     * @param names for which challenges are requested
     */
    static List<String> of(List<ApacheDirective> main, VirtualHost host, List<HostName> names) {
        return new HostConflicts(main, host, names).find();
    }

    private List<String> find() {
        checkDirectivesOfHost();
        checkSectionsOfHost();
        checkMainServer();
        return conflicts.distinct();
    }

    private void checkDirectivesOfHost() {
        List<ApacheDirective> inside = host.inside();
        int firstRule = inside.stream()
                .filter(ChallengePath::isRingcertRule)
                .findFirst()
                .map(this::firstRuleOfSameFile)
                .orElse(0);
        for (int i = 0; i < inside.size(); i++) {
            ApacheDirective directive = inside.get(i);
            if (i < firstRule) {
                checkEarlierRule(directive);
            }
            if (directive.is("rewriteoptions") && directive.hasWord("InheritBefore")) {
                conflicts.add(directive, "this puts the main server's rules before Ringcert's; write `Inherit`");
            }
            checkAnywhere(directive, inside.subList(0, inside.indexOf(directive)));
        }
    }

    private int firstRuleOfSameFile(ApacheDirective ringcertRule) {
        List<ApacheDirective> inside = host.inside();
        return inside.stream()
                .filter(rule -> rule.is("rewriterule")
                        && ChallengePath.isForChallenges(rule)
                        && rule.position().file().equals(ringcertRule.position().file()))
                .findFirst()
                .map(inside::indexOf)
                .orElse(0);
    }

    private void checkEarlierRule(ApacheDirective directive) {
        if (directive.is("rewriterule") && ChallengePath.matchesRulePattern(directive.word(0))) {
            conflicts.add(
                    directive, "this rule comes before Ringcert's; move " + LINE + " to the top of the virtual host");
        }
    }

    private void checkSectionsOfHost() {
        List<ApacheDirective> inside = host.inside();
        int granting = inside.stream()
                .filter(ChallengePath::grantsAccess)
                .findFirst()
                .map(inside::indexOf)
                .orElse(0);
        sections.checkMergedBefore(inside.subList(0, granting));
        sections.checkMergedAfter(inside.subList(granting, inside.size()));
    }

    private void checkMainServer() {
        List<ApacheDirective> shared =
                main.stream().filter(directive -> !directive.is("virtualhost")).toList();
        boolean hasRules = shared.stream().anyMatch(directive -> directive.is("rewriterule"));
        for (ApacheDirective directive : shared) {
            if (hasRules && directive.is("rewriteoptions") && directive.hasWord("InheritDownBefore")) {
                conflicts.add(directive, "this puts the main server's rules before Ringcert's; write `InheritDown`");
            }
            checkAnywhere(directive, shared.subList(0, shared.indexOf(directive)));
        }
        sections.checkMergedBefore(shared);
    }

    /** Checks for conflicts that a directive causes both in the virtual host and in the main server. */
    private void checkAnywhere(ApacheDirective directive, List<ApacheDirective> earlier) {
        proxies.check(directive, earlier);
        if (directive.name().startsWith("luahook") || UNPREDICTABLE.contains(directive.name())) {
            conflicts.add(directive, "Ringcert cannot tell what this does with challenges; --try shows it");
        }
    }
}
