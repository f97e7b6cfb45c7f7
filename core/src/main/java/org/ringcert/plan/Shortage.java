package org.ringcert.plan;

import java.time.Duration;

/** What a limit does not allow in the long run, whatever the calendar. Known before anything is ordered. */
public sealed interface Shortage {

    /** The names to which the limit applies. */
    NameSet set();

    /** How many certificates with these names there are: one for each node and kind of key. */
    int orders();

    /** The limit. */
    Limit limit();

    /**
     * The limit counts renewals, and there are more of them than it allows. Certificates expire.
     *
     * @param most how many it allows
     */
    record TooManyRenewals(NameSet set, int orders, Limit limit, int most) implements Shortage {}

    /**
     * Renewals are exempt, but take every token that comes. A server that is rebuilt or added finds none, except by
     * chance, and revoked certificates are not replaced.
     *
     * @param most how many leave some
     */
    record NoTokenForNewServers(NameSet set, int orders, Limit limit, int most) implements Shortage {}

    /**
     * The first rollout takes longer than the time after which the first certificates are renewed.
     *
     * @param rollout how long it takes
     */
    record RolloutBeyondRenewal(NameSet set, int orders, Limit limit, Duration rollout) implements Shortage {}
}
