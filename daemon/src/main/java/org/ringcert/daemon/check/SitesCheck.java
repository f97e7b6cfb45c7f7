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
        NameJudge judge = new NameJudge(Topic.SITE, scope, survey.nodeAddresses(scope));
        List<CheckFinding> findings = new ArrayList<>();
        for (Site site : scope.sites()) {
            findings.addAll(look(site, judge));
        }
        return findings;
    }

    private List<CheckFinding> look(Site site, NameJudge judge) throws InterruptedException {
        List<CheckFinding> findings = new ArrayList<>();
        List<HostName> good = new ArrayList<>();
        Set<InetAddress> addresses = new LinkedHashSet<>();
        Set<HostName> viewpoints = new LinkedHashSet<>();
        for (HostName name : site.names()) {
            NameJudge.Judgement judgement = judge.judge(name, survey.of(name));
            findings.addAll(judgement.findings());
            if (judgement.isGood()) {
                good.add(name);
                addresses.addAll(judgement.addresses());
                viewpoints.addAll(judgement.viewpoints());
            }
        }
        if (!good.isEmpty()) {
            String names = site.names().size() == 1
                    ? ""
                    : good.size() == site.names().size()
                            ? "all " + good.size() + " names are "
                            : Shown.list(good) + (good.size() == 1 ? " is " : " are ");
            findings.addFirst(CheckFinding.ok(
                    Topic.SITE,
                    site,
                    names + "answered at " + Shown.addresses(addresses) + ", seen from " + scope.list(viewpoints)));
        }
        return findings;
    }
}
