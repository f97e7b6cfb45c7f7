package org.ringcert.daemon.turn;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.SubjectNames;
import org.ringcert.plan.ClusterLooks;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.PlannedSite;
import org.ringcert.store.CertificateName;
import org.ringcert.view.visitor.VisitorTarget;

/**
 * What this node finds out for one decision about one CA: in its store, by DNS lookups and by TLS handshakes with its
 * peers. Used once, by one thread.
 */
final class LiveLooks implements ClusterLooks {

    private final ClusterTurns.Parts parts;
    private final URI ca;
    private final Instant now;
    private final OwnCertificates own;
    private final Map<CertificateName, Map<HostName, SeenCertificate>> seen = new HashMap<>();

    LiveLooks(ClusterTurns.Parts parts, URI ca, OwnCertificates own, Instant now) {
        this.parts = parts;
        this.ca = ca;
        this.now = now;
        this.own = own;
    }

    @Override
    public HostName self() {
        return parts.self();
    }

    @Override
    public Optional<HostName> leader(HostName site) {
        return parts.leaders().of(site);
    }

    @Override
    public Own own(CertificateName certificate, NameSet set) {
        return new Own(
                own.issued(certificate, set.names()).stream()
                        .map(issued -> issued(issued.notBefore()))
                        .toList(),
                own.valid(certificate, set.names())
                        .map(valid -> new Validity(issued(valid.notBefore()), valid.notAfter())),
                own.isRecalled(certificate));
    }

    @Override
    public Presented peer(HostName peer, CertificateName certificate, NameSet set) {
        SeenCertificate look = looks(certificate).getOrDefault(peer, SeenCertificate.unreachable(now));
        Optional<X509Certificate> leaf = look.leaf().filter(it -> isFor(it, set));
        if (leaf.isPresent()) {
            return new Presented.Certificate(new Validity(
                    issued(leaf.get().getNotBefore().toInstant()),
                    leaf.get().getNotAfter().toInstant()));
        }
        return look.isReachable() ? new Presented.Nothing() : new Presented.Unreachable();
    }

    private boolean isFor(X509Certificate leaf, NameSet set) {
        return SubjectNames.hostNames(leaf).equals(set.names())
                && SubjectNames.otherNames(leaf).isEmpty()
                && IssuerMatch.isFrom(leaf, ca, own.byCa());
    }

    /** Returns the certificates of the CA that a peer was seen to present when nothing had to be decided. */
    List<Validity> seenInPassing(HostName peer, CertificateName certificate, NameSet set) {
        return parts.targets().apply(certificate).stream()
                .filter(target -> target.node().equals(peer))
                .flatMap(target -> parts.passing().of(target).stream())
                .filter(leaf -> leaf.names().equals(set.names()) && IssuerMatch.isFrom(leaf.issuer(), ca, own.byCa()))
                .map(leaf -> new Validity(issued(leaf.notBefore()), leaf.notAfter()))
                .toList();
    }

    private Instant issued(Instant notBefore) {
        return notBefore.plus(parts.limits().apply(ca).backDate());
    }

    @Override
    public boolean isRecalled(HostName peer, CertificateName certificate) {
        return leaf(peer, certificate)
                .filter(leaf -> parts.recalls().isRecalled(ca, leaf, now))
                .isPresent();
    }

    /** Looks at all peers at once: the plan asks about each of them. */
    private Map<HostName, SeenCertificate> looks(CertificateName certificate) {
        return seen.computeIfAbsent(certificate, name -> {
            List<VisitorTarget> targets = parts.targets().apply(name).stream()
                    .filter(target -> !target.node().equals(parts.self()))
                    .toList();
            List<SeenCertificate> looks = parts.looks().look(targets);
            Map<HostName, SeenCertificate> byNode = new HashMap<>();
            IntStream.range(0, targets.size())
                    .forEach(index -> byNode.put(targets.get(index).node(), looks.get(index)));
            prepareRecalls(name, byNode);
            return byNode;
        });
    }

    /** Asks the CA about many certificates at a time. */
    private void prepareRecalls(CertificateName certificate, Map<HostName, SeenCertificate> looks) {
        if (own.isRecalled(certificate)) {
            List<X509Certificate> leaves = new ArrayList<>();
            looks.forEach((node, look) -> look.leaf()
                    .filter(leaf -> isFor(leaf, set(node, certificate)))
                    .ifPresent(leaves::add));
            parts.recalls().ask(ca, leaves);
        }
    }

    private NameSet set(HostName node, CertificateName certificate) {
        PlannedSite site = Objects.requireNonNull(parts.sites().get(certificate.site()), "a site of the layout");
        return site.sets().get(parts.layout().nodes().indexOf(node));
    }

    /** Returns the certificate that a node has or presents now, whatever it is worth. */
    Optional<X509Certificate> leaf(HostName node, CertificateName certificate) {
        return node.equals(parts.self())
                ? own.leaf(certificate)
                : Optional.ofNullable(looks(certificate).get(node)).flatMap(SeenCertificate::leaf);
    }
}
