package org.ringcert.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a node knows of the certificates that one node got from a CA for one exact set of names. Immutable.
 *
 * @param issued when some were issued that this node has or has seen, the oldest first
 * @param notAfter when the latest of them expires; empty if none is known
 * @param missedSince since when the node has been seen without a valid one; empty if it has one, as far as known
 */
public record IssueHistory(List<Instant> issued, Optional<Instant> notAfter, Optional<Instant> missedSince) {

    /** Nothing is known. */
    public static final IssueHistory UNKNOWN = new IssueHistory(List.of(), Optional.empty(), Optional.empty());

    /** How many times are kept. A CA's limit of certificates for the same names is about as large. */
    private static final int MAX_ISSUED = 10;

    /** A clock that was wrong by less than this does no harm to plans. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofHours(1);

    public IssueHistory {
        if (issued.size() > 1) {
            issued = issued.stream().distinct().sorted().toList();
            issued = issued.subList(Math.max(0, issued.size() - MAX_ISSUED), issued.size());
        } else {
            issued = List.copyOf(issued);
        }
    }

    /** Returns when the latest certificate was issued that is known; empty if none is. */
    public Optional<Instant> latest() {
        return issued.isEmpty() ? Optional.empty() : Optional.of(issued.getLast());
    }

    /** Returns whether a certificate is known that has not expired and was not missed since. */
    public boolean isValid(Instant now) {
        return missedSince.isEmpty() && notAfter.filter(now::isBefore).isPresent();
    }

    /** Returns this history with a valid certificate of the node. */
    public IssueHistory has(Instant time, Instant expiry) {
        return new IssueHistory(with(time), Optional.of(expiry), Optional.empty());
    }

    /**
     * Returns this history with a certificate of the node that it may not have any more. If it was issued after the
     * node was first seen without one, the node may lack one again, but not since then.
     */
    public IssueHistory had(Instant time) {
        return new IssueHistory(with(time), notAfter, missedSince.filter(since -> !time.isAfter(since)));
    }

    /** Returns this history with a certificate that the node presented at some time since it was issued. */
    public IssueHistory sawInPassing(Instant time, Instant expiry) {
        return latest().filter(latest -> !time.isAfter(latest)).isPresent() ? had(time) : has(time, expiry);
    }

    private List<Instant> with(Instant time) {
        if (issued.contains(time)) {
            return issued;
        }
        List<Instant> times = new ArrayList<>(issued);
        times.add(time);
        return times;
    }

    /** Returns this history with the node without a valid certificate, since now if that is new. */
    public IssueHistory misses(Instant now) {
        return missedSince.isPresent() ? this : new IssueHistory(issued, notAfter, Optional.of(now));
    }

    /** Returns this history without what was noted while the clock was wrong: times in the future. */
    public IssueHistory asOf(Instant now) {
        boolean isFromFuture =
                latest().filter(time -> time.isAfter(now.plus(CLOCK_TOLERANCE))).isPresent()
                        || missedSince.filter(since -> since.isAfter(now)).isPresent();
        return isFromFuture ? withoutFuture(now) : this;
    }

    private IssueHistory withoutFuture(Instant now) {
        return new IssueHistory(
                issued.stream()
                        .filter(time -> !time.isAfter(now.plus(CLOCK_TOLERANCE)))
                        .toList(),
                notAfter,
                missedSince.filter(since -> !since.isAfter(now)));
    }

    /** Whether there is nothing worth keeping. */
    boolean isEmpty() {
        return issued.isEmpty() && missedSince.isEmpty();
    }
}
