package org.ringcert.daemon.turn;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.ringcert.cluster.HostName;
import org.ringcert.plan.Knowledge;
import org.ringcert.plan.LayoutIndex;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.NodeKnowledge;
import org.ringcert.plan.PlannedSite;
import org.ringcert.plan.Standing;
import org.ringcert.store.CertificateName;
import org.ringcert.store.PlanRecords;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.view.visitor.VisitorTarget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node knows of all certificates of its cluster at one moment, for a plan that a person reads. Remembers nothing
 * in the store. Confined to one thread.
 */
public final class ClusterSurvey {

    private static final Logger log = LoggerFactory.getLogger(ClusterSurvey.class);

    private final ClusterTurns.Parts parts;
    private final URI ca;
    private final LiveLooks looks;
    private final RecordedMemory memory;
    private final Knowledge knowledge;

    /**
     * A good certificate of a node.
     *
     * @param leaf the certificate itself; empty if it was seen earlier, and the node does not answer now
     */
    public record SurveyedCertificate(Instant notBefore, Instant notAfter, Optional<X509Certificate> leaf) {}

    /**
     * @param store this node's store, which need not exist yet
     * @param ca the URL of the CA's directory
     */
    public ClusterSurvey(ClusterTurns.Parts parts, Store store, URI ca, Instant now) {
        this.parts = parts;
        this.ca = ca;
        List<CertificateName> certificates = parts.layout().sites().stream()
                .flatMap(site -> site.certificates().stream())
                .toList();
        OwnCertificates own = new OwnCertificates(store, ca, certificates, now);
        this.looks = new LiveLooks(parts, ca, own, now);
        this.memory = new RecordedMemory(ca, remembered(store), looks::seenInPassing);
        this.knowledge = new NodeKnowledge(new LayoutIndex(parts.layout(), parts.domains()), looks, memory, now);
    }

    private static PlanRecords remembered(Store store) {
        try {
            return store.plan().read();
        } catch (StoreException e) {
            log.debug("what was known for plans cannot be read", e);
            return PlanRecords.NONE;
        }
    }

    /**
     * Looks at all peers, and looks up where all sites lead, many at a time. Without this, it is done one after the
     * other when it is needed. Blocks; an interrupt ends it soon and is preserved.
     */
    public void look() {
        Collection<PlannedSite> sites = parts.layout().sites();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            sites.forEach(site -> threads.execute(() -> {
                Optional<HostName> _ = parts.leaders().of(site.name());
            }));
            List<VisitorTarget> targets = sites.stream()
                    .flatMap(site -> site.certificates().stream())
                    .flatMap(certificate -> parts.targets().apply(certificate).stream())
                    .filter(target -> !target.node().equals(parts.self()))
                    .toList();
            List<SeenCertificate> _ = parts.looks().look(targets);
        }
    }

    /** Returns the nodes to which the names of a site lead; none if that is not known. */
    public Set<HostName> leaders(HostName site) {
        return parts.leaders().all(site);
    }

    /** Returns what turns are decided by. */
    public Knowledge knowledge() {
        return knowledge;
    }

    /** Returns the good certificate that a node has, as far as is known. */
    public Optional<SurveyedCertificate> find(HostName node, CertificateName certificate) {
        if (!(knowledge.standing(node, certificate) instanceof Standing.Has(Instant issued))) {
            return Optional.empty();
        }
        Instant notBefore = issued.minus(parts.limits().apply(ca).backDate());
        return memory.history(node, certificate, set(node, certificate))
                .notAfter()
                .map(notAfter -> new SurveyedCertificate(notBefore, notAfter, looks.leaf(node, certificate)));
    }

    private NameSet set(HostName node, CertificateName certificate) {
        PlannedSite site = Objects.requireNonNull(parts.sites().get(certificate.site()), "a site of the layout");
        return site.sets().get(parts.layout().nodes().indexOf(node));
    }
}
