package org.ringcert.daemon.turn;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.SubjectNames;
import org.ringcert.view.visitor.CellKey;
import org.ringcert.view.visitor.TlsObservation;
import org.ringcert.view.visitor.VisitorTarget;

/**
 * The certificates that peers presented when the daemon looked at them for the status page. A decision about a turn
 * sees only what they present at that time; what they have replaced shortly before has taken tokens as well. In memory:
 * after a restart, a plan may expect a token too many. Thread-safe.
 */
public final class PassingLooks {

    /** The limits of CAs look back for a week. */
    private static final Duration KEPT = Duration.ofDays(14);

    /** How many of one server's certificates for one site and kind of key are kept. */
    private static final int MAX_KEPT = 4;

    /** The longest name of an issuer that is kept, in bytes. Those of CAs have about a hundred. */
    private static final int MAX_ISSUER = 2_000;

    private final InstantSource clock;
    private final Map<CellKey, List<PassingLeaf>> seen = new ConcurrentHashMap<>();

    public PassingLooks(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * What matters of a certificate. The whole ones would take much memory.
     *
     * @param names its host names, sorted; empty if it has names of other kinds as well
     */
    record PassingLeaf(List<HostName> names, IssuerMatch.Issuer issuer, Instant notBefore, Instant notAfter) {

        static PassingLeaf of(X509Certificate leaf) {
            return new PassingLeaf(
                    SubjectNames.otherNames(leaf).isEmpty() ? SubjectNames.hostNames(leaf) : List.of(),
                    IssuerMatch.Issuer.of(leaf),
                    leaf.getNotBefore().toInstant(),
                    leaf.getNotAfter().toInstant());
        }
    }

    /** Remembers what a server presented. */
    public void add(VisitorTarget target, TlsObservation observation) {
        if (observation instanceof TlsObservation.Served served
                && isOfKind(target, served.leaf())
                && mayCount(target, served.leaf())) {
            Instant notBefore = served.leaf().getNotBefore().toInstant();
            seen.compute(
                    target.key(),
                    (_, known) -> known != null && known.getLast().notBefore().equals(notBefore)
                            ? known
                            : with(known == null ? List.of() : known, PassingLeaf.of(served.leaf())));
        }
    }

    /** Whether it has the names of the site, and at most a unique one. Others would only take memory. */
    private static boolean mayCount(VisitorTarget target, X509Certificate leaf) {
        List<HostName> names = SubjectNames.hostNames(leaf);
        List<HostName> ofSite = target.site().names();
        return names.size() <= ofSite.size() + 1
                && names.containsAll(ofSite)
                && leaf.getIssuerX500Principal().getEncoded().length <= MAX_ISSUER;
    }

    private static boolean isOfKind(VisitorTarget target, X509Certificate leaf) {
        return target.kind()
                .filter(kind -> !leaf.getPublicKey().getAlgorithm().equals(kind.name()))
                .isEmpty();
    }

    private List<PassingLeaf> with(List<PassingLeaf> known, PassingLeaf latest) {
        Instant earliest = clock.instant().minus(KEPT);
        List<PassingLeaf> all = new ArrayList<>(known);
        all.removeIf(leaf -> leaf.notBefore().isBefore(earliest));
        all.add(latest);
        return List.copyOf(all.subList(Math.max(0, all.size() - MAX_KEPT), all.size()));
    }

    /** Returns what was seen of a target, in the order in which it was first seen. */
    List<PassingLeaf> of(VisitorTarget target) {
        return Optional.ofNullable(seen.get(target.key())).orElse(List.of());
    }
}
