package org.ringcert.daemon.check;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.check.CheckFinding.Topic;

/** Each name of each site: a validation must succeed at every published address, as seen from every viewpoint. */
final class SitesCheck implements Check {

    private final CheckScope scope;
    private final Survey survey;

    SitesCheck(CheckScope scope, Survey survey) {
        this.scope = scope;
        this.survey = survey;
    }

    @Override
    public List<CheckFinding> look() throws InterruptedException {
        NodeAddresses nodes = survey.nodeAddresses(scope);
        List<CheckFinding> findings = new ArrayList<>();
        for (Site site : scope.sites()) {
            findings.addAll(look(
                    site, new NameJudge(nodes), new NameFindings(Topic.SITE, scope, nodes), new StrayAddresses(nodes)));
        }
        return findings;
    }

    private List<CheckFinding> look(Site site, NameJudge judge, NameFindings problems, StrayAddresses strays)
            throws InterruptedException {
        List<CheckFinding> findings = new ArrayList<>();
        List<HostName> good = new ArrayList<>();
        Set<InetAddress> addresses = new LinkedHashSet<>();
        Set<HostName> viewpoints = new LinkedHashSet<>();
        for (HostName name : site.names()) {
            NameViews views = NameViews.of(name, scope.self(), survey.usable(name));
            List<CheckFinding> found = problems.of(judge.judge(views));
            findings.addAll(found);
            findings.addAll(strays.ofSite(views));
            // If nobody has looked, ResolverCheck says why.
            if (found.isEmpty() && !views.viewpoints().isEmpty()) {
                good.add(name);
                addresses.addAll(views.accepted());
                viewpoints.addAll(views.viewpoints());
            }
        }
        if (!good.isEmpty()) {
            findings.addFirst(CheckFinding.ok(
                    Topic.SITE,
                    site,
                    subject(good, site) + "answered at " + Shown.addresses(addresses) + ", seen from "
                            + scope.list(viewpoints)));
        }
        return findings;
    }

    /** Returns the good names of a site as the beginning of a sentence; empty if it is the only name. */
    private static String subject(List<HostName> good, Site site) {
        int all = site.names().size();
        if (all == 1) {
            return "";
        }
        if (good.size() < all) {
            return Shown.list(good) + (good.size() == 1 ? " is " : " are ");
        }
        return all == 2 ? "both names are " : "all " + all + " names are ";
    }
}
