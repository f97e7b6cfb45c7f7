package org.ringcert.daemon.turn;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.SubjectNames;
import org.ringcert.plan.Knowledge;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.PlannedSite;
import org.ringcert.plan.Refusal;
import org.ringcert.plan.Standing;
import org.ringcert.store.CertificateName;
import org.ringcert.store.IssueRecord;
import org.ringcert.store.PlanRecords;
import org.ringcert.store.RefusalRecord;
import org.ringcert.view.visitor.VisitorTarget;

/**
 * What this node knows for one decision about one CA: its own certificates, those that its peers present, and what it
 * remembers of both. Looks at a peer only when it is asked about it. Used once, by one thread.
 */
final class ClusterKnowledge implements Knowledge {

    private final ClusterTurns.Parts parts;
    private final URI ca;
    private final Instant now;
    private final PlanRecords remembered;
    private final OwnCertificates own;
    private final Map<IssueRecord.Subject, IssueRecord> records = new HashMap<>();
    private final Map<CertificateName, Map<HostName, SeenCertificate>> seen = new HashMap<>();
    private final Map<IssueRecord.Subject, Standing> standings = new LinkedHashMap<>();

    /** @param remembered what was remembered when the decision began */
    ClusterKnowledge(ClusterTurns.Parts parts, URI ca, OwnCertificates own, PlanRecords remembered, Instant now) {
        this.parts = parts;
        this.ca = ca;
        this.now = now;
        this.remembered = remembered;
        this.own = own;
    }

    @Override
    public HostName node() {
        return parts.self();
    }

    @Override
    public Optional<HostName> leader(HostName site) {
        return parts.leaders().of(site);
    }

    @Override
    public Standing standing(HostName node, CertificateName certificate) {
        IssueRecord.Subject subject = subject(node, certificate);
        Standing known = standings.get(subject);
        if (known != null) {
            return known;
        }
        IssueRecord previous = remembered.issues(subject);
        IssueRecord current = node.equals(parts.self())
                ? own(certificate, subject, previous)
                : ofPeer(certificate, subject, previous);
        records.put(subject, current);
        Standing standing = current.missedSince()
                .<Standing>map(Standing.Missing::new)
                .orElseGet(() -> new Standing.Has(current.latest().orElse(now)));
        standings.put(subject, standing);
        return standing;
    }

    private IssueRecord own(CertificateName certificate, IssueRecord.Subject subject, IssueRecord previous) {
        IssueRecord record = previous;
        for (OwnCertificates.OwnIssue issued : own.issued(certificate, subject.names())) {
            record = record.had(issued(issued.notBefore()));
        }
        Optional<OwnCertificates.OwnIssue> valid = own.valid(certificate, subject.names());
        return valid.isPresent()
                ? record.has(issued(valid.get().notBefore()), valid.get().notAfter())
                : record.misses(now);
    }

    private IssueRecord ofPeer(CertificateName certificate, IssueRecord.Subject subject, IssueRecord previous) {
        SeenCertificate look = looks(certificate).getOrDefault(subject.node(), SeenCertificate.unreachable(now));
        Optional<X509Certificate> leaf = look.leaf().filter(it -> isFor(it, subject));
        if (leaf.isEmpty()) {
            // A server that is down for a moment still has its certificate, and the CA has counted it.
            return !look.isReachable() && previous.isValid(now) ? previous : previous.misses(now);
        }
        Instant issued = issued(leaf.get().getNotBefore().toInstant());
        Instant notAfter = leaf.get().getNotAfter().toInstant();
        boolean isValid = now.isBefore(notAfter) && !isRecalled(certificate, subject, leaf.get());
        return isValid ? previous.has(issued, notAfter) : previous.had(issued).misses(now);
    }

    /** When this node's own certificate was recalled, those of its peers may have been as well. Only the CA knows. */
    private boolean isRecalled(CertificateName certificate, IssueRecord.Subject subject, X509Certificate leaf) {
        return own.isRecalled(certificate, subject.names()) && parts.recalls().isRecalled(ca, leaf, now);
    }

    private boolean isFor(X509Certificate leaf, IssueRecord.Subject subject) {
        return SubjectNames.hostNames(leaf).equals(subject.names())
                && SubjectNames.otherNames(leaf).isEmpty()
                && IssuerMatch.isFrom(leaf, ca, own.byCa());
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
                    .filter(leaf -> isFor(leaf, subject(node, certificate)))
                    .ifPresent(leaves::add));
            parts.recalls().ask(ca, leaves);
        }
    }

    private Instant issued(Instant notBefore) {
        return notBefore.plus(parts.limits().apply(ca).backDate());
    }

    private IssueRecord.Subject subject(HostName node, CertificateName certificate) {
        PlannedSite site = Objects.requireNonNull(parts.sites().get(certificate.site()), "a site of the layout");
        NameSet set = site.sets().get(parts.layout().nodes().indexOf(node));
        return new IssueRecord.Subject(ca, node, certificate, set.names());
    }

    @Override
    public Optional<Refusal> refusal(HostName node, NameSet set) {
        if (!node.equals(parts.self())) {
            return Optional.empty();
        }
        Instant lastIssue = own.latest(set.names()).map(this::issued).orElse(Instant.MIN);
        return remembered.refusals().stream()
                .filter(refusal -> refusal.ca().equals(ca) && concerns(refusal, set))
                .filter(refusal -> refusal.at().isAfter(lastIssue))
                .max(Comparator.comparing(RefusalRecord::until))
                .map(refusal -> new Refusal(refusal.at(), refusal.until()));
    }

    @Override
    public List<Refusal> pastRefusals(NameSet set) {
        Instant lastIssue = own.latest(set.names()).map(this::issued).orElse(Instant.MIN);
        return remembered.refusals().stream()
                .filter(refusal -> refusal.ca().equals(ca)
                        && refusal.domain().isEmpty()
                        && refusal.names().equals(set.names()))
                .filter(refusal -> !refusal.at().isAfter(lastIssue))
                .map(refusal -> new Refusal(refusal.at(), refusal.until()))
                .toList();
    }

    private boolean concerns(RefusalRecord refusal, NameSet set) {
        return refusal.domain()
                .map(domain -> set.names().stream().map(parts.domains()::of).anyMatch(domain::equals) && isNew(set))
                .orElseGet(() -> refusal.names().equals(set.names()));
    }

    /** Returns whether nobody is known to have had a certificate with these names. */
    private boolean isNew(NameSet set) {
        return all(set).stream().allMatch(record -> record.issued().isEmpty());
    }

    @Override
    public List<Instant> otherIssues(NameSet set) {
        readOwn(set);
        List<Instant> others = new ArrayList<>();
        for (IssueRecord record : all(set)) {
            boolean isShown = records.containsKey(record.subject())
                    && record.missedSince().isEmpty();
            others.addAll(
                    isShown
                            ? record.issued()
                                    .subList(0, Math.max(0, record.issued().size() - 1))
                            : record.issued());
        }
        return others;
    }

    /**
     * Reads this node's own certificates with these names. If one was recalled, those of the peers probably were as
     * well, and a look is needed to tell what they still have from what they had.
     */
    private void readOwn(NameSet set) {
        for (PlannedSite site : sitesWith(set)) {
            for (CertificateName certificate : site.certificates()) {
                Standing _ = standing(parts.self(), certificate);
                if (own.isRecalled(certificate)) {
                    nodesWith(set, site).forEach(node -> standing(node, certificate));
                }
            }
        }
    }

    private List<PlannedSite> sitesWith(NameSet set) {
        int self = parts.layout().nodes().indexOf(parts.self());
        return set.names().stream()
                .flatMap(name -> Optional.ofNullable(parts.sites().get(name)).stream())
                .filter(site -> site.sets().get(self).equals(set))
                .toList();
    }

    private List<HostName> nodesWith(NameSet set, PlannedSite site) {
        return IntStream.range(0, parts.layout().nodes().size())
                .filter(node -> site.sets().get(node).equals(set))
                .mapToObj(parts.layout().nodes()::get)
                .toList();
    }

    private List<IssueRecord> all(NameSet set) {
        Map<IssueRecord.Subject, IssueRecord> all = new LinkedHashMap<>();
        remembered.issues().values().stream()
                .filter(record -> record.subject().ca().equals(ca)
                        && record.subject().names().equals(set.names()))
                .forEach(record -> all.put(record.subject(), record));
        records.values().stream()
                .filter(record -> record.subject().names().equals(set.names()))
                .forEach(record -> all.put(record.subject(), record));
        return List.copyOf(all.values());
    }

    /** Returns when the latest certificate of a node expires, if its standing is known. */
    Optional<Instant> expiry(HostName node, CertificateName certificate) {
        return Optional.ofNullable(records.get(subject(node, certificate))).flatMap(IssueRecord::notAfter);
    }

    /** Returns the certificate that a node has or presents now, whatever it is worth. */
    Optional<X509Certificate> leaf(HostName node, CertificateName certificate) {
        return node.equals(parts.self())
                ? own.leaf(certificate)
                : Optional.ofNullable(looks(certificate).get(node)).flatMap(SeenCertificate::leaf);
    }

    /** Returns what is known now and was not remembered. */
    List<IssueRecord> news() {
        return records.values().stream()
                .filter(record -> !record.equals(remembered.issues(record.subject())))
                .toList();
    }
}
