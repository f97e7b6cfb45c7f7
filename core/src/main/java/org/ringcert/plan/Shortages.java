package org.ringcert.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds out whether a layout fits into a CA's limits at all. */
public final class Shortages {

    /** Certificates that are valid for less are renewed after half of their lifetime, others after two thirds. */
    private static final Duration SHORT_LIFETIME = Duration.ofDays(10);

    private Shortages() {}

    /**
     * Returns what the limit of an exact set of names does not allow; nothing if all fits.
     *
     * @param lifetime how long the CA's certificates are valid
     */
    public static List<Shortage> of(Layout layout, Limits limits, RenewalLimit renewals, Duration lifetime) {
        Optional<Limit> limit = limits.find(LimitKind.CERTIFICATES_PER_NAME_SET);
        if (limit.isEmpty()) {
            return List.of();
        }
        List<Shortage> shortages = new ArrayList<>();
        for (PlannedSite site : layout.sites()) {
            Set<NameSet> done = new HashSet<>();
            for (NameSet set : site.sets()) {
                if (done.add(set)) {
                    int nodes = (int) site.sets().stream().filter(set::equals).count();
                    int orders = nodes * site.certificates().size();
                    shortages.addAll(of(set, orders, limit.get(), renewals, lifetime));
                }
            }
        }
        return shortages;
    }

    private static List<Shortage> of(NameSet set, int orders, Limit limit, RenewalLimit renewals, Duration lifetime) {
        return switch (renewals) {
            case COUNTED -> counted(set, orders, limit, lifetime);
            case EXEMPT -> exempt(set, orders, limit, lifetime);
        };
    }

    private static List<Shortage> counted(NameSet set, int orders, Limit limit, Duration lifetime) {
        if (new Spread(orders, Optional.of(limit)).fits(lifetime)) {
            return List.of();
        }
        int most = (int) lifetime.multipliedBy(2).dividedBy(3).dividedBy(limit.interval());
        return List.of(new Shortage.TooManyRenewals(set, orders, limit, most));
    }

    /** An exempt renewal takes a token if there is one. */
    private static List<Shortage> exempt(NameSet set, int orders, Limit limit, Duration lifetime) {
        List<Shortage> shortages = new ArrayList<>();
        Duration renewal = renewalAfter(lifetime);
        int most = (int) renewal.minusNanos(1).dividedBy(limit.interval());
        if (orders > most) {
            shortages.add(new Shortage.NoTokenForNewServers(set, orders, limit, most));
        }
        Duration rollout = limit.wait(orders);
        if (rollout.compareTo(renewal) > 0) {
            shortages.add(new Shortage.RolloutBeyondRenewal(set, orders, limit, rollout));
        }
        return shortages;
    }

    private static Duration renewalAfter(Duration lifetime) {
        return lifetime.compareTo(SHORT_LIFETIME) < 0
                ? lifetime.dividedBy(2)
                : lifetime.multipliedBy(2).dividedBy(3);
    }

    /**
     * Returns for how long certificates with the same names are invalid, all together, if all are revoked at one moment
     * while the limit is unused: the least that it permits. Replacements of revoked certificates count.
     *
     * @param orders how many there are
     */
    public static Duration invalidAfterRevocation(int orders, Limit limit) {
        long beyond = Math.max(0, orders - limit.capacity());
        return limit.interval().multipliedBy(beyond * (beyond + 1) / 2);
    }
}
