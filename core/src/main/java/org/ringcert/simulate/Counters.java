package org.ringcert.simulate;

import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Counts what happens in a simulation. Confined to one thread. */
final class Counters {

    private static final long WEEK = Duration.ofDays(7).toMillis();

    private final long start;
    private final int firstRollout;
    private final BitSet addedLater;
    private final CaLoad load;
    private final Predicate<NodeCertificate> isLeader;

    private long issued;
    private long refused;
    private long refusedAgain;
    private long expired;
    private long invalid;
    private long missing;
    private long longestWait;
    private long longestWaitOfLeaders;
    private long longestWaitSince;
    private @Nullable NodeCertificate waited;
    private int complete;
    private long rolloutEnd = IssuedCertificate.NEVER;

    /**
     * @param addedLater the sites that are not in the first configuration file
     * @param isLeader whether the name of the site leads to the node
     */
    Counters(long start, Scenario scenario, BitSet addedLater, Predicate<NodeCertificate> isLeader, CaLoad load) {
        this.isLeader = isLeader;
        this.start = start;
        this.firstRollout = scenario.nodes() * scenario.kinds() * (scenario.sites() - addedLater.cardinality());
        this.addedLater = addedLater;
        this.load = load;
        this.longestWaitSince = start;
    }

    /** Counts a new certificate, before it is installed. */
    void issued(NodeCertificate certificate, long now) {
        issued++;
        load.issued(now);
        endOfNeed(certificate, now);
        if (!certificate.hadCertificate() && !addedLater.get(certificate.site()) && ++complete == firstRollout) {
            rolloutEnd = now;
        }
    }

    /** Counts the time without a good certificate that ends now, if there was any. */
    void endOfNeed(NodeCertificate certificate, long now) {
        long since = certificate.badSince();
        if (since >= now) {
            return;
        }
        long time = certificate.node().upTime(since, now);
        IssuedCertificate current = certificate.current();
        if (current == null) {
            missing += time;
        } else {
            invalid += time;
            if (current.expiresUnrevoked() && certificate.node().wasUp(since)) {
                expired++;
            }
        }
        if (isLeader.test(certificate)) {
            longestWaitOfLeaders = Math.max(longestWaitOfLeaders, time);
        }
        if (time > longestWait) {
            longestWait = time;
            longestWaitSince = since;
            waited = certificate;
        }
    }

    void refused(NodeCertificate certificate, long now) {
        refused++;
        load.refused(now);
        if (certificate.node().refused(certificate.set().names(), now) < WEEK) {
            refusedAgain++;
        }
    }

    boolean isRolloutOver() {
        return rolloutEnd != IssuedCertificate.NEVER;
    }

    SimulationResult result(List<FaultPeriod> faults) {
        return new SimulationResult(
                Instant.ofEpochMilli(start),
                issued,
                refused,
                refusedAgain,
                expired,
                Duration.ofMillis(invalid),
                Duration.ofMillis(missing),
                Optional.ofNullable(waited)
                        .map(certificate -> new SimulationResult.Wait(
                                Duration.ofMillis(longestWait),
                                Instant.ofEpochMilli(longestWaitSince),
                                certificate.node().name(),
                                certificate.spec().site().name())),
                Duration.ofMillis(longestWaitOfLeaders),
                isRolloutOver() ? Optional.of(Duration.ofMillis(rolloutEnd - start)) : Optional.empty(),
                load.result(),
                faults);
    }
}
