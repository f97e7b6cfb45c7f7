package org.ringcert.store;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;

/**
 * What this node knows of the certificates that a node got from a CA for one exact set of names. Immutable.
 *
 * @param subject which certificates
 * @param issued when some were issued that this node has or has seen, the oldest first
 * @param notAfter when the latest of them expires; empty if none is known
 * @param missedSince since when the node has been seen without a valid one; empty if it has one, as far as known
 */
public record IssueRecord(
        Subject subject, List<Instant> issued, Optional<Instant> notAfter, Optional<Instant> missedSince) {

    /** How many times are kept. A CA's limit of certificates for the same names is about as large. */
    private static final int MAX_ISSUED = 10;

    /** A clock that was wrong by less than this does no harm to plans. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofHours(1);

    /**
     * Which certificates a record is about.
     *
     * @param ca the URL of the CA's directory
     * @param names the exact names, sorted
     */
    public record Subject(URI ca, HostName node, CertificateName certificate, List<HostName> names) {

        public Subject {
            names = names.stream().distinct().sorted().toList();
        }
    }

    public IssueRecord {
        issued = issued.stream().distinct().sorted().toList();
        issued = issued.subList(Math.max(0, issued.size() - MAX_ISSUED), issued.size());
    }

    /** Returns a record that knows nothing. */
    public static IssueRecord unknown(Subject subject) {
        return new IssueRecord(subject, List.of(), Optional.empty(), Optional.empty());
    }

    /** Returns when the latest certificate was issued that is known; empty if none is. */
    public Optional<Instant> latest() {
        return issued.isEmpty() ? Optional.empty() : Optional.of(issued.getLast());
    }

    /** Returns whether a certificate is known that has not expired and was not missed since. */
    public boolean isValid(Instant now) {
        return missedSince.isEmpty() && notAfter.filter(now::isBefore).isPresent();
    }

    /** Returns this record with a valid certificate of the node. */
    public IssueRecord has(Instant time, Instant expiry) {
        return new IssueRecord(
                subject,
                Stream.concat(issued.stream(), Stream.of(time)).toList(),
                Optional.of(expiry),
                Optional.empty());
    }

    /**
     * Returns this record with a certificate of the node that it may not have any more. If it was issued after the node
     * was first seen without one, the node may lack one again, but not since then.
     */
    public IssueRecord had(Instant time) {
        return new IssueRecord(
                subject,
                Stream.concat(issued.stream(), Stream.of(time)).toList(),
                notAfter,
                missedSince.filter(since -> !time.isAfter(since)));
    }

    /** Returns this record with the node without a valid certificate, since now if that is new. */
    public IssueRecord misses(Instant now) {
        return missedSince.isPresent() ? this : new IssueRecord(subject, issued, notAfter, Optional.of(now));
    }

    /** Returns this record without what was noted while the clock was wrong: times in the future. */
    IssueRecord asOf(Instant now) {
        return new IssueRecord(
                subject,
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
