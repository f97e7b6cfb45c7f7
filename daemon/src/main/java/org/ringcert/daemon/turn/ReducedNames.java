package org.ringcert.daemon.turn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.plan.Knowledge;
import org.ringcert.plan.Layout;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.PlannedSite;
import org.ringcert.plan.Standing;

/**
 * Plans for a certificate that is ordered without its unique name, because that cannot be validated now. What prevents
 * it, such as a missing wildcard record, most likely prevents those of the other nodes as well. So the nodes that lack
 * their certificate are expected to order the names of the site alone, too.
 */
final class ReducedNames {

    private final ClusterTurns.Parts parts;

    ReducedNames(ClusterTurns.Parts parts) {
        this.parts = parts;
    }

    /**
     * Returns the parts with the names that will be ordered.
     *
     * @param spec what this node orders
     * @param knowledge who has the certificate that the file asks for
     */
    ClusterTurns.Parts of(CertificateSpec spec, Knowledge knowledge) {
        NameSet reduced = NameSet.of(spec.names());
        List<PlannedSite> sites = parts.layout().sites().stream()
                .map(site -> site.name().equals(spec.site().name()) ? reduced(site, spec, reduced, knowledge) : site)
                .toList();
        Map<HostName, PlannedSite> byName = new HashMap<>();
        sites.forEach(site -> byName.put(site.name(), site));
        return parts.with(new Layout(parts.layout().nodes(), sites), byName);
    }

    private PlannedSite reduced(PlannedSite site, CertificateSpec spec, NameSet reduced, Knowledge knowledge) {
        List<HostName> nodes = parts.layout().nodes();
        return new PlannedSite(
                site.name(),
                site.certificates(),
                IntStream.range(0, nodes.size())
                        .mapToObj(node -> hasPlanned(nodes.get(node), spec, knowledge)
                                ? site.sets().get(node)
                                : reduced)
                        .toList());
    }

    /** Returns whether a peer has a certificate with its unique name, and orders nothing. */
    private boolean hasPlanned(HostName node, CertificateSpec spec, Knowledge knowledge) {
        return !node.equals(parts.self()) && knowledge.standing(node, spec.name()) instanceof Standing.Has;
    }
}
