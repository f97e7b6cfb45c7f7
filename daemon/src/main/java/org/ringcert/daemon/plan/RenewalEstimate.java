package org.ringcert.daemon.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.plan.ClusterPlan.Renewal;
import org.ringcert.plan.Canary;
import org.ringcert.plan.SpreadShare;
import org.ringcert.plan.WindowShare;

/**
 * About when a peer renews a certificate. Its own choice cannot be seen, but the dates of its certificate and the CA's
 * habit can. Pure.
 */
final class RenewalEstimate {

    /** Let's Encrypt's window is 2 % of the lifetime wide ({@code core/objects.go} of its software Boulder). */
    private static final int HALF_WINDOW_PERCENT = 1;

    /** Certificates that are valid for less than this are renewed at half of their lifetime. */
    private static final Duration SHORT_LIFETIME = Duration.ofDays(10);

    private RenewalEstimate() {}

    /**
     * Returns when a certificate is renewed in the window of the CA's renewal information: around two thirds of its
     * lifetime, or half of a short one. The canary takes the first quarter of the window.
     *
     * @param issued when the certificate was issued
     * @param remaining how long it was valid then
     */
    static Renewal inWindow(Instant issued, Duration remaining, HostName node, Optional<HostName> canary) {
        boolean isShort = remaining.compareTo(SHORT_LIFETIME) < 0;
        Instant middle = issued.plus(
                isShort ? remaining.dividedBy(2) : remaining.multipliedBy(2).dividedBy(3));
        Duration half = remaining.multipliedBy(HALF_WINDOW_PERCENT).dividedBy(100);
        Instant start = middle.minus(half);
        Instant end = middle.plus(half);
        Instant quarter = start.plus(Duration.between(start, end).dividedBy(4));
        return switch (Canary.share(node, canary)) {
            case WindowShare.FIRST_QUARTER -> Renewal.between(start, quarter);
            case WindowShare.REST -> Renewal.between(quarter, end);
            case WindowShare.WHOLE -> Renewal.between(start, end);
        };
    }

    /** Returns when a certificate is renewed whose CA has no renewal information, if it was planned as a first one. */
    static Renewal spread(SpreadShare share, Instant notBefore, Duration lifetime) {
        Duration half =
                share.spread().width(lifetime).dividedBy(2L * share.spread().orders());
        Instant at = share.plan(Optional.empty(), notBefore, lifetime);
        return new Renewal(at, at.minus(half), at.plus(half), false);
    }
}
