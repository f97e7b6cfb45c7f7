package org.ringcert.store;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;

/**
 * That a CA has refused an order of this node because of a limit. Immutable.
 *
 * @param ca the URL of the CA's directory
 * @param domain the registered domain, if the CA counts by that; the limit then concerns all new sets of names in it
 * @param names the names of the order, sorted
 * @param at when it refused
 * @param until when it wants to be asked again
 * @param reason the CA's words
 */
public record RefusalRecord(
        URI ca, Optional<HostName> domain, List<HostName> names, Instant at, Instant until, String reason) {

    /** How long a refusal is kept after its end: it says how much the CA had counted. */
    private static final Duration KEPT = Duration.ofDays(7);

    public RefusalRecord {
        names = names.stream().distinct().sorted().toList();
    }

    /** Returns whether the other refusal concerns the same, so that the later one of them counts. */
    boolean concernsSame(RefusalRecord other) {
        return ca.equals(other.ca) && domain.equals(other.domain) && (domain.isPresent() || names.equals(other.names));
    }

    /** Returns whether it is worth keeping: not noted while the clock was wrong, and not long over. */
    public boolean isKept(Instant now) {
        return !at.isAfter(now)
                && !until.isAfter(at.plus(Progress.MAX_WAIT).plusSeconds(1))
                && until.plus(KEPT).isAfter(now);
    }
}
