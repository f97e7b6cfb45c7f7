package org.ringcert.daemon.check;

import java.util.ArrayList;
import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.daemon.config.CaHandoff;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.dns.PublicSuffixes;
import org.ringcert.handoff.HandoffMode;

/** A public CA validates public names only, and follows redirects to public names only. */
final class PublicNamesCheck implements Check {

    private final CheckScope scope;
    private final PublicSuffixes suffixes;

    PublicNamesCheck(CheckScope scope, PublicSuffixes suffixes) {
        this.scope = scope;
        this.suffixes = suffixes;
    }

    @Override
    public List<CheckFinding> look() {
        if (!scope.hasPublicCa()) {
            return List.of();
        }
        List<CheckFinding> findings = new ArrayList<>();
        if (isRedirected()) {
            for (HostName node : nodeNames()) {
                if (!suffixes.isPublic(node)) {
                    findings.add(CheckFinding.failure(
                            Topic.NODE,
                            node,
                            "the name is not public, so a CA does not follow a redirect to it",
                            "Give the node a name in the public DNS, or choose `handoff = \"relay\"` in [front]."));
                }
            }
        }
        for (HostName name : scope.siteNames()) {
            if (!suffixes.isPublic(name)) {
                findings.add(CheckFinding.failure(
                        Topic.SITE,
                        name,
                        "the name is not public, so a public CA does not issue for it",
                        "Use a name in the public DNS, or a private CA."));
            }
        }
        return findings;
    }

    /** Returns whether a public CA may be redirected to a node. */
    private boolean isRedirected() {
        Configuration configuration = scope.configuration();
        return configuration.nodes().size() > 1
                && configuration.front().handoff() != HandoffMode.RELAY
                && configuration.authorities().stream()
                        .anyMatch(ca -> ca.known().isPresent() && ca.handoff() == CaHandoff.REDIRECT);
    }

    private List<HostName> nodeNames() {
        return scope.configuration().nodes().stream()
                .map(settings -> settings.node().name())
                .toList();
    }
}
