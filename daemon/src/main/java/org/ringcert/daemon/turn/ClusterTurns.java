package org.ringcert.daemon.turn;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ringcert.acme.RateLimitSubject;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.plan.Calendar;
import org.ringcert.plan.Knowledge;
import org.ringcert.plan.Layout;
import org.ringcert.plan.LayoutIndex;
import org.ringcert.plan.Limits;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.NodeKnowledge;
import org.ringcert.plan.PlannedSite;
import org.ringcert.plan.RegisteredDomains;
import org.ringcert.plan.RenewalLimit;
import org.ringcert.plan.SpreadShare;
import org.ringcert.plan.Turn;
import org.ringcert.renew.OrderTurns;
import org.ringcert.store.CertificateName;
import org.ringcert.store.IssueRecord;
import org.ringcert.store.PlanRecords;
import org.ringcert.store.RefusalRecord;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.view.visitor.VisitorTarget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The turns of this node's orders within the limits of its CAs, from what it knows of the cluster. Looks at the peers
 * when a turn is decided, and only then. Thread-safe.
 */
public final class ClusterTurns implements OrderTurns {

    private static final Logger log = LoggerFactory.getLogger(ClusterTurns.class);

    private final Parts parts;
    private final Store store;
    private final List<CertificateName> certificates;

    /** Made when the first turn is decided: it reads the Public Suffix List. */
    private @Nullable LayoutIndex index;

    /**
     * What decisions depend on.
     *
     * @param self this node
     * @param sites the sites of the layout, by their names
     * @param limits finds the limits of a CA by the URL of its directory
     * @param renewals finds whether they count renewals
     * @param targets finds what to look at for a certificate, at all nodes
     */
    public record Parts(
            HostName self,
            Layout layout,
            Map<HostName, PlannedSite> sites,
            Function<URI, Limits> limits,
            Function<URI, RenewalLimit> renewals,
            RegisteredDomains domains,
            Function<CertificateName, List<VisitorTarget>> targets,
            PeerLooks looks,
            PassingLooks passing,
            LeaderLookups leaders,
            PeerRecalls recalls) {

        public Parts {
            sites = Map.copyOf(sites);
        }

        /** Returns the same with other sites. */
        Parts with(Layout otherLayout, Map<HostName, PlannedSite> otherSites) {
            return new Parts(
                    self,
                    otherLayout,
                    otherSites,
                    limits,
                    renewals,
                    domains,
                    targets,
                    looks,
                    passing,
                    leaders,
                    recalls);
        }
    }

    public ClusterTurns(Parts parts, Store store) {
        this.parts = parts;
        this.store = store;
        this.certificates = parts.layout().sites().stream()
                .flatMap(site -> site.certificates().stream())
                .toList();
    }

    @Override
    public Optional<Turn> pendingTurn(CertificateSpec spec, CertificateSpec.Source source, Instant now) {
        URI ca = source.directory();
        Limits limits = parts.limits().apply(ca);
        if (limits.limits().isEmpty()) {
            return Optional.empty();
        }
        Known known = know(parts, index(), ca, now);
        if (!planned(spec).equals(NameSet.of(spec.names()))) {
            Parts reduced = new ReducedNames(parts).of(spec, known.knowledge());
            remember(known.memory().news(), now);
            known = know(reduced, new LayoutIndex(reduced.layout(), reduced.domains()), ca, now);
        }
        Calendar calendar =
                new Calendar(known.layout(), limits, parts.renewals().apply(ca), known.knowledge(), now);
        Turn turn =
                calendar.turn(parts.self(), spec.name()).orElseGet(() -> calendar.renewal(parts.self(), spec.name()));
        remember(known.memory().news(), now);
        log.debug("{}: its turn is at {}", spec.name(), turn.at());
        return Optional.of(turn).filter(later -> later.at().isAfter(now));
    }

    @Override
    public Optional<SpreadShare> share(CertificateSpec spec, URI directory) {
        Limits limits = parts.limits().apply(directory);
        return limits.limits().isEmpty() || parts.renewals().apply(directory) == RenewalLimit.EXEMPT
                ? Optional.empty()
                : Optional.of(index().share(parts.self(), spec.name(), limits));
    }

    /** What a decision begins with. */
    private record Known(LayoutIndex layout, RecordedMemory memory, Knowledge knowledge) {}

    private Known know(Parts known, LayoutIndex layout, URI ca, Instant now) {
        LiveLooks looks = new LiveLooks(known, ca, new OwnCertificates(store, ca, certificates, now), now);
        RecordedMemory memory = new RecordedMemory(ca, remembered(), looks::seenInPassing);
        return new Known(layout, memory, new NodeKnowledge(layout, looks, memory, now));
    }

    /** Returns the names that the layout has for a certificate of this node. */
    private NameSet planned(CertificateSpec spec) {
        PlannedSite site = Objects.requireNonNull(parts.sites().get(spec.site().name()), "a site of the layout");
        return site.sets().get(parts.layout().nodes().indexOf(parts.self()));
    }

    private synchronized LayoutIndex index() {
        LayoutIndex known = index;
        if (known == null) {
            known = new LayoutIndex(parts.layout(), parts.domains());
            index = known;
        }
        return known;
    }

    private PlanRecords remembered() {
        try {
            return store.plan().read();
        } catch (StoreException e) {
            // The next change sets a damaged file aside, and the log says so.
            log.debug("what was known for plans cannot be read", e);
            return PlanRecords.NONE;
        }
    }

    private void remember(List<IssueRecord> news, Instant now) {
        if (news.isEmpty() || Thread.currentThread().isInterrupted()) {
            return;
        }
        try {
            PlanRecords _ = store.plan().update(records -> records.with(news).without(new ObsoleteRecords(parts, now)));
        } catch (StoreException e) {
            // The order needs the store, too, and reports this.
            log.debug("what is known for plans cannot be saved", e);
        }
    }

    @Override
    public void onRefusal(
            CertificateSpec spec,
            CertificateSpec.Source source,
            RateLimitSubject subject,
            Instant now,
            Instant until,
            String reason) {
        Optional<HostName> domain = switch (subject) {
            case RateLimitSubject.RegisteredDomain(var counted) -> Optional.of(counted);
            case RateLimitSubject.ExactNames _, RateLimitSubject.Other _ -> Optional.empty();
        };
        // The turn of the certificate itself is kept with its progress. A plan needs to know what others are told by.
        if (subject instanceof RateLimitSubject.Other) {
            return;
        }
        RefusalRecord refusal = new RefusalRecord(source.directory(), domain, spec.names(), now, until, reason);
        try {
            PlanRecords _ = store.plan().update(records -> records.with(refusal));
        } catch (StoreException e) {
            log.debug("what the CA has refused cannot be saved", e);
        }
    }
}
