package org.ringcert.simulate;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.store.Origin;
import org.ringcert.store.Progress;
import org.ringcert.store.RenewalSchedule;

/** One certificate of one node: what its store has of it, and what is under way. Confined to one thread. */
final class NodeCertificate {

    /** How long a new certificate takes until the web server presents it: a pass ends first, then it is reloaded. */
    static final long DEPLOYMENT_TIME = 60_000;

    private final int index;
    private final SimulatedNode node;
    private final int site;
    private final int certificateOfCluster;
    private final CertificateSpec spec;
    private final CountedSet set;
    private Origin.IssuedByCa origin;

    private @Nullable IssuedCertificate current;
    private @Nullable IssuedCertificate previous;
    private Optional<Instant> previouslyPlanned = Optional.empty();
    private RenewalSchedule schedule = RenewalSchedule.UNKNOWN;
    private Progress progress = Progress.NONE;
    private @Nullable OpenOrder order;
    private long orderDoneAt;
    private long wakeAt = IssuedCertificate.NEVER;
    private long neededSince;
    private boolean hadCertificate;

    /**
     * An order that the CA has accepted.
     *
     * @param replaced the certificate that it replaces, if it names one
     * @param isExempt whether no limit counts it
     * @param expiry when the CA forgets it
     */
    record OpenOrder(@Nullable IssuedCertificate replaced, boolean isExempt, long expiry) {}

    /**
     * @param index its number in the whole simulation
     * @param certificateOfCluster the number of the site and kind, the same on each node
     * @param neededSince when the node begins to need it
     */
    NodeCertificate(
            int index,
            SimulatedNode node,
            int site,
            int certificateOfCluster,
            CertificateSpec spec,
            CountedSet set,
            long neededSince) {
        this.index = index;
        this.node = node;
        this.site = site;
        this.certificateOfCluster = certificateOfCluster;
        this.spec = spec;
        this.set = set;
        this.neededSince = neededSince;
        this.origin = newOrigin();
    }

    private Origin.IssuedByCa newOrigin() {
        CertificateSpec.Source source = spec.preferredSource();
        return new Origin.IssuedByCa(
                source.directory(),
                Optional.of(node.accountUrl()),
                source.profile(),
                set.names().names(),
                Optional.empty());
    }

    int index() {
        return index;
    }

    SimulatedNode node() {
        return node;
    }

    int site() {
        return site;
    }

    /** Returns the number of the site and kind, the same on each node. */
    int certificateOfCluster() {
        return certificateOfCluster;
    }

    CertificateSpec spec() {
        return spec;
    }

    CountedSet set() {
        return set;
    }

    Origin.IssuedByCa origin() {
        return origin;
    }

    @Nullable
    IssuedCertificate current() {
        return current;
    }

    /** Returns what the node's web server presents. */
    @Nullable
    IssuedCertificate presented(long now) {
        return current != null && now >= current.issuedAt() + DEPLOYMENT_TIME ? current : previous;
    }

    /** Returns whether the node has ever had a certificate, even if it has lost it since. */
    boolean hadCertificate() {
        return hadCertificate;
    }

    void install(IssuedCertificate certificate) {
        hadCertificate = true;
        certificate.follow(current);
        previous = current;
        previouslyPlanned = schedule.planned();
        current = certificate;
        schedule = RenewalSchedule.UNKNOWN;
        progress = Progress.NONE;
        order = null;
    }

    /** Forgets all that was on the node's disk. */
    void lose(long now) {
        if (current != null) {
            neededSince = now;
        }
        current = null;
        previous = null;
        previouslyPlanned = Optional.empty();
        schedule = RenewalSchedule.UNKNOWN;
        progress = Progress.NONE;
        order = null;
        origin = newOrigin();
    }

    RenewalSchedule schedule() {
        return schedule;
    }

    void setSchedule(RenewalSchedule latest) {
        schedule = latest;
    }

    /** Returns when the certificate before this one was planned to be renewed. */
    Optional<Instant> previouslyPlanned() {
        return previouslyPlanned;
    }

    Progress progress() {
        return progress;
    }

    void setProgress(Progress latest) {
        progress = latest;
    }

    @Nullable
    OpenOrder order() {
        return order;
    }

    void setOrder(@Nullable OpenOrder latest) {
        order = latest;
    }

    /** Returns when the order is finished, if nothing comes between. */
    long orderDoneAt() {
        return orderDoneAt;
    }

    void setOrderDoneAt(long time) {
        orderDoneAt = time;
    }

    /** Returns when it is looked at next; an event of another time is out of date. */
    long wakeAt() {
        return wakeAt;
    }

    void setWakeAt(long time) {
        wakeAt = time;
    }

    /** Returns since when visitors have no good certificate here; later than now if they have one. */
    long badSince() {
        return current == null ? neededSince : current.badFrom();
    }

    /** Notes that the node begins to need it later than the others. */
    void setNeededSince(long time) {
        neededSince = time;
    }
}
