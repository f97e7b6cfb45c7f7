package org.ringcert.daemon;

import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.canary.DnsLeaders;
import org.ringcert.daemon.canary.SiteLeaders;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ListedDomains;
import org.ringcert.daemon.config.PlanLayout;
import org.ringcert.daemon.turn.ClusterTurns;
import org.ringcert.daemon.turn.LeaderLookups;
import org.ringcert.daemon.turn.PassingLooks;
import org.ringcert.daemon.turn.PeerLooks;
import org.ringcert.daemon.turn.PeerRecalls;
import org.ringcert.dns.DnsResolver;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.plan.Layout;
import org.ringcert.plan.Limits;
import org.ringcert.plan.PlannedSite;
import org.ringcert.plan.RenewalLimit;
import org.ringcert.renew.OrderTurns;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Store;
import org.ringcert.view.visitor.VisitorTarget;
import org.ringcert.view.visitor.VisitorView;

/** Derives from a configuration how a node decides the turns of its orders. */
final class TurnParts {

    private TurnParts() {}

    /**
     * Returns the turns of a node. They look at nothing until they are asked, and at nothing at all if no CA is known
     * to have limits.
     */
    static OrderTurns of(
            Configuration configuration,
            HostName self,
            Store store,
            CaConnections cas,
            VisitorView view,
            PassingLooks passing,
            DnsResolver dns,
            InstantSource clock) {
        if (configuration.authorities().stream()
                .allMatch(ca -> ca.limits().limits().isEmpty())) {
            return OrderTurns.AT_ONCE;
        }
        return new ClusterTurns(
                parts(configuration, self, cas, new PeerLooks(view::observe, clock), passing, dns, clock), store);
    }

    /**
     * Returns what the turns of a node depend on.
     *
     * @param looks looks at peers
     * @param passing what was seen of them before
     */
    static ClusterTurns.Parts parts(
            Configuration configuration,
            HostName self,
            CaConnections cas,
            PeerLooks looks,
            PassingLooks passing,
            DnsResolver dns,
            InstantSource clock) {
        Layout layout = PlanLayout.of(configuration);
        return new ClusterTurns.Parts(
                self,
                layout,
                layout.sites().stream().collect(Collectors.toMap(PlannedSite::name, Function.identity())),
                limits(configuration),
                directory -> renewals(cas, directory),
                ListedDomains.of(configuration),
                certificate -> targets(configuration, certificate),
                looks,
                passing,
                leaders(configuration, dns, clock),
                new PeerRecalls(cas.authorities(), clock));
    }

    private static Function<URI, Limits> limits(Configuration configuration) {
        Map<URI, Limits> limits = configuration.authorities().stream()
                .collect(Collectors.toMap(AcmeSettings::directory, AcmeSettings::limits));
        return directory -> limits.getOrDefault(directory, Limits.NONE);
    }

    /** A CA that does not answer now issues nothing now, so it does not matter what is assumed of it. */
    private static RenewalLimit renewals(CaConnections cas, URI directory) {
        try {
            for (CertificateAuthority ca : cas.authorities()) {
                if (ca.directory().equals(directory) && !ca.hasRenewalInfo()) {
                    return RenewalLimit.COUNTED;
                }
            }
        } catch (AcmeException _) {
            // The order that follows reports it.
        }
        return RenewalLimit.EXEMPT;
    }

    private static LeaderLookups leaders(Configuration configuration, DnsResolver dns, InstantSource clock) {
        List<HostName> nodes = VisitorViews.nodes(configuration);
        SiteLeaders leaders = new DnsLeaders(nodes, dns);
        return new LeaderLookups(
                nodes, site -> configuration.site(site).map(leaders::of).orElse(Set.of()), clock);
    }

    private static List<VisitorTarget> targets(Configuration configuration, CertificateName certificate) {
        Site site = configuration
                .site(certificate.site())
                .orElseThrow(() -> new IllegalArgumentException("no site " + certificate.site()));
        int index = configuration.certificates(site).indexOf(certificate);
        Optional<KeyAlgorithm> kind = VisitorViews.kinds(configuration, site).get(index);
        return VisitorViews.targets(configuration, site)
                .filter(target -> target.kind().equals(kind))
                .toList();
    }
}
