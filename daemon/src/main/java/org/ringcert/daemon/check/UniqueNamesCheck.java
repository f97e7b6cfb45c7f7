package org.ringcert.daemon.check;

import java.util.ArrayList;
import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.dns.HostAddresses;
import org.ringcert.view.ca.NameView;

/**
 * The unique names of this node's certificates: a validation should succeed for each, as for the names of sites. Orders
 * are made without those for which it does not, so there are no failures.
 */
final class UniqueNamesCheck implements Check {

    private static final String CONSEQUENCE = "Until then, certificates are ordered without the name, and the CA counts"
            + " them together with those of the other servers.";

    private final CheckScope scope;
    private final Survey survey;

    UniqueNamesCheck(CheckScope scope, Survey survey) {
        this.scope = scope;
        this.survey = survey;
    }

    @Override
    public List<CheckFinding> look() throws InterruptedException {
        NodeAddresses nodes = survey.nodeAddresses(scope);
        List<CheckFinding> findings = new ArrayList<>();
        for (HostName name : scope.uniqueNames()) {
            findings.addAll(look(name, new NameJudge(nodes), new NameFindings(Topic.SITE, scope, nodes)));
        }
        return findings;
    }

    private List<CheckFinding> look(HostName name, NameJudge judge, NameFindings problems) throws InterruptedException {
        NameViews views = NameViews.of(name, scope.self(), survey.usable(name));
        if (views.viewpoints().isEmpty()) {
            // ResolverCheck says why nobody has looked.
            return List.of();
        }
        HostAddresses addresses = views.own()
                .map(NameView::addresses)
                .orElseGet(() -> views.ofPeers().values().iterator().next().addresses());
        if (addresses.all().isEmpty()) {
            return List.of(CheckFinding.warning(
                    Topic.SITE,
                    name,
                    "this unique name has no address in the DNS",
                    UniqueNameLookup.remedy(name) + " " + CONSEQUENCE));
        }
        List<CheckFinding> found = problems.of(judge.judge(views));
        return found.isEmpty()
                ? List.of(CheckFinding.ok(
                        Topic.SITE,
                        name,
                        "answered at " + Shown.addresses(views.accepted()) + ", seen from "
                                + scope.list(views.viewpoints())))
                : found.stream().map(CheckFinding::warningAtMost).toList();
    }
}
