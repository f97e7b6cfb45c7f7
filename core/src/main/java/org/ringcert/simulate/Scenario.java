package org.ringcert.simulate;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ringcert.plan.Limits;

/**
 * A cluster, its CA, and how long they are followed. The same scenario has the same result, to the last digit.
 * Immutable.
 *
 * @param nodes how many nodes there are, at least 1
 * @param sites how many sites there are, at least 1
 * @param domains over how many registered domains the sites are spread, at most as many as there are sites
 * @param kinds how many kinds of keys each site has certificates for, 1 or 2
 * @param groupSize how many nodes share the names of a certificate, the others have another name in it; all if it is 0
 * @param years how long the cluster is followed, years of 365.25 days
 * @param lifetime how long a certificate is valid
 * @param renewalInfo whether the CA says when to renew (RFC 9773)
 * @param limits of the CA
 * @param seed of all that is random
 * @param faults what goes wrong, each once; empty if that is random as well, as often as in a bad year
 */
public record Scenario(
        int nodes,
        int sites,
        int domains,
        int kinds,
        int groupSize,
        int years,
        Duration lifetime,
        RenewalInfoSupport renewalInfo,
        Limits limits,
        long seed,
        Optional<List<FaultKind>> faults) {

    /** The most years that can be simulated. */
    public static final int MAX_YEARS = 100;

    /** The most certificates that the nodes may have together, as fit into the memory of {@code ringcert simulate}. */
    public static final int MAX_CERTIFICATES = 50_000;

    /** The shortest lifetime: less is too little for any retry. */
    public static final Duration MIN_LIFETIME = Duration.ofDays(1);

    /** The longest lifetime. */
    public static final Duration MAX_LIFETIME = Duration.ofDays(400);

    /** Whether the CA says when to renew (RFC 9773). */
    public enum RenewalInfoSupport {
        OFFERED,
        MISSING
    }

    /** @throws IllegalArgumentException if the figures are impossible */
    public Scenario {
        faults = faults.map(List::copyOf);
        if (nodes < 1
                || sites < 1
                || domains < 1
                || domains > sites
                || kinds < 1
                || kinds > 2
                || groupSize < 0
                || groupSize > nodes
                || years < 1
                || years > MAX_YEARS
                || (long) nodes * sites * kinds > MAX_CERTIFICATES
                || lifetime.compareTo(MIN_LIFETIME) < 0
                || lifetime.compareTo(MAX_LIFETIME) > 0) {
            throw new IllegalArgumentException("a scenario with impossible figures");
        }
    }

    /** Returns the time that is simulated. */
    Duration time() {
        return Duration.ofHours(years * 8766L);
    }

    /** Returns how many certificates the nodes have together. */
    public int certificates() {
        return nodes * sites * kinds;
    }
}
