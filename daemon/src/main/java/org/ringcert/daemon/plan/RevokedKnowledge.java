package org.ringcert.daemon.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.plan.Knowledge;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.PlannedSite;
import org.ringcert.plan.Refusal;
import org.ringcert.plan.Standing;
import org.ringcert.store.CertificateName;

/** What a node would know if all certificates were revoked now: the limits have counted those that it knows of. */
final class RevokedKnowledge implements Knowledge {

    private final Knowledge known;
    private final Instant now;
    private final Map<NameSet, List<Instant>> issued = new HashMap<>();

    RevokedKnowledge(Knowledge known, PlanBuilder.PlanBasis basis, Instant now) {
        this.known = known;
        this.now = now;
        for (PlannedSite site : basis.layout().sites()) {
            for (int i = 0; i < site.sets().size(); i++) {
                HostName node = basis.layout().nodes().get(i);
                List<Instant> ofSet = issued.computeIfAbsent(site.sets().get(i), _ -> new ArrayList<>());
                site.certificates().forEach(certificate -> {
                    if (known.standing(node, certificate) instanceof Standing.Has(Instant time)) {
                        ofSet.add(time);
                    }
                });
            }
        }
    }

    @Override
    public HostName node() {
        return known.node();
    }

    @Override
    public Optional<HostName> leader(HostName site) {
        return known.leader(site);
    }

    @Override
    public Standing standing(HostName node, CertificateName certificate) {
        return new Standing.Missing(now);
    }

    @Override
    public Optional<Refusal> refusal(HostName node, NameSet set) {
        return known.refusal(node, set);
    }

    @Override
    public List<Instant> otherIssues(NameSet set) {
        List<Instant> all = new ArrayList<>(known.otherIssues(set));
        all.addAll(issued.getOrDefault(set, List.of()));
        return all;
    }

    @Override
    public List<Refusal> pastRefusals(NameSet set) {
        return known.pastRefusals(set);
    }
}
