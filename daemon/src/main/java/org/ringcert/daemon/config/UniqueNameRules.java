package org.ringcert.daemon.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.UniqueName.Placeholder;
import org.tomlj.TomlPosition;

/** Checks the unique names of sites against the nodes and the names of all sites. */
final class UniqueNameRules {

    private final Findings findings;
    private final List<LocatedNode> nodes;
    private final List<LocatedSite> sites;

    UniqueNameRules(Findings findings, List<LocatedNode> nodes, List<LocatedSite> sites) {
        this.findings = findings;
        this.nodes = List.copyOf(nodes);
        this.sites = List.copyOf(sites);
    }

    /**
     * Reports all violations, and gives notice of groups that nothing uses.
     *
     * @param isCaPublic whether the names must be in the public DNS
     */
    void check(boolean isCaPublic) {
        first(Placeholder.NODE).ifPresent(this::checkFirstLabels);
        Optional<TomlPosition> needsGroups = first(Placeholder.GROUP);
        needsGroups.ifPresent(this::checkGroups);
        if (needsGroups.isEmpty()) {
            noticeUnusedGroup();
        }
        Map<HostName, TomlPosition> siteNames = new HashMap<>();
        sites.forEach(site -> site.names().forEach(name -> siteNames.putIfAbsent(name.value(), name.at())));
        sites.forEach(site -> checkNames(site, siteNames, isCaPublic));
    }

    /** Returns where the first pattern with this placeholder is. */
    private Optional<TomlPosition> first(Placeholder placeholder) {
        return sites.stream()
                .flatMap(site -> site.uniqueName().stream())
                .filter(pattern -> pattern.value().placeholder() == placeholder)
                .map(Located::at)
                .findFirst();
    }

    private void checkFirstLabels(TomlPosition pattern) {
        Map<String, LocatedNode> labels = new HashMap<>();
        for (LocatedNode node : nodes) {
            HostName name = node.settings().node().name();
            LocatedNode previous = labels.putIfAbsent(name.firstLabel(), node);
            // Two nodes of one name are a mistake that has been reported.
            if (previous != null && !previous.settings().node().name().equals(name)) {
                findings.mistake(
                        node.nameAt(),
                        "`name`, \"" + name + "\": the node of line " + findings.lineOf(previous.nameAt())
                                + " has the same first label, but {node} in `unique-name` of line "
                                + findings.lineOf(pattern) + " needs different ones; write {group} there, and group ="
                                + " \"a\" or the like in each [[node]]");
            }
        }
    }

    private void checkGroups(TomlPosition pattern) {
        nodes.stream()
                .filter(node -> node.groupAt().isEmpty())
                .forEach(node -> findings.mistake(
                        node.nameAt(),
                        "`group` is missing for " + node.settings().node().name() + ", but {group} in `unique-name` of"
                                + " line " + findings.lineOf(pattern) + " needs it; write "
                                + ConfigurationTable.NODE.exampleOf("group")
                                + " in this [[node]], or the name of another group"));
    }

    private void noticeUnusedGroup() {
        nodes.stream()
                .flatMap(node -> node.groupAt().stream())
                .findFirst()
                .filter(_ -> sites.stream().allMatch(site -> site.uniqueName().isEmpty()))
                .ifPresent(
                        at -> findings.notice(
                                at,
                                "`group` has no effect without a `unique-name` in a [[site]] that has {group}; see docs/limits.md"));
    }

    private void checkNames(LocatedSite site, Map<HostName, TomlPosition> siteNames, boolean isCaPublic) {
        if (site.uniqueName().isEmpty()) {
            return;
        }
        Located<UniqueName> pattern = site.uniqueName().get();
        if (site.names().size() >= SitesReader.MAX_NAMES) {
            mistake(
                    pattern,
                    "the site has " + site.names().size() + " names, and a certificate has " + SitesReader.MAX_NAMES
                            + " at most; leave one out, or split the site into several");
        }
        nodes.stream()
                .flatMap(node -> problem(pattern.value(), node, siteNames, isCaPublic).stream())
                .findFirst()
                .ifPresent(problem -> mistake(pattern, problem));
    }

    /** Returns what is wrong with the name on one node. */
    private Optional<String> problem(
            UniqueName pattern, LocatedNode node, Map<HostName, TomlPosition> siteNames, boolean isCaPublic) {
        try {
            return pattern.on(node.settings()).flatMap(name -> problem(name, siteNames, isCaPublic));
        } catch (IllegalArgumentException e) {
            return Optional.of("for " + node.settings().node().name() + ": " + Findings.reason(e));
        }
    }

    private Optional<String> problem(HostName name, Map<HostName, TomlPosition> siteNames, boolean isCaPublic) {
        TomlPosition sameName = siteNames.get(name);
        if (sameName != null) {
            return Optional.of(name + " is a name of the site of line " + findings.lineOf(sameName)
                    + " already; choose a pattern that gives other names");
        }
        return isCaPublic && PublicCaRules.isPrivate(name)
                ? Optional.of(
                        name + " is not a public name, and a public CA issues certificates for those only; write a"
                                + " pattern below a name of the site, such as {node}.www.example.org")
                : Optional.empty();
    }

    private void mistake(Located<UniqueName> pattern, String message) {
        findings.mistake(
                pattern.at(),
                "`unique-name`, \"" + Findings.quoted(pattern.value().pattern()) + "\": " + message);
    }
}
