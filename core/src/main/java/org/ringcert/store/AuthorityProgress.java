package org.ringcert.store;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.store.Progress.Failure;
import org.ringcert.store.Progress.PendingOrder;

/**
 * What is under way for a site at one CA, and what has failed there. Part of {@link Progress}. Immutable.
 *
 * @param directory the URL of the CA's directory
 * @param order the pending order
 * @param failedOrders when orders failed: the last one, and those within {@link #FAILED_ORDER_WINDOW} before it
 * @param failure the failures since the last success
 * @param postponement present while a new order waits because of what looks at the site saw
 */
public record AuthorityProgress(
        URI directory,
        Optional<PendingOrder> order,
        List<Instant> failedOrders,
        Optional<Failure> failure,
        Optional<Postponement> postponement) {

    /**
     * How long a failed order is remembered. Let's Encrypt limits failed authorizations per hour (its rate limits,
     * 2026-08).
     */
    public static final Duration FAILED_ORDER_WINDOW = Duration.ofHours(1);

    /** Stands for the CA in records of earlier versions, which did not name it. */
    static final URI UNKNOWN_DIRECTORY = URI.create("unknown:ca");

    public AuthorityProgress {
        failedOrders = List.copyOf(failedOrders);
    }

    static AuthorityProgress none(URI directory) {
        return new AuthorityProgress(directory, Optional.empty(), List.of(), Optional.empty(), Optional.empty());
    }

    /** Whether nothing is pending and nothing failed. */
    boolean isEmpty() {
        return order.isEmpty() && failedOrders.isEmpty() && failure.isEmpty() && postponement.isEmpty();
    }

    AuthorityProgress withDirectory(URI known) {
        return new AuthorityProgress(known, order, failedOrders, failure, postponement);
    }

    /** Returns this progress with a pending order. If a new order was postponed, that is over. */
    public AuthorityProgress withOrder(PendingOrder pending) {
        return new AuthorityProgress(directory, Optional.of(pending), failedOrders, failure, Optional.empty());
    }

    public AuthorityProgress withoutOrder() {
        return new AuthorityProgress(directory, Optional.empty(), failedOrders, failure, postponement);
    }

    /** Returns this progress with one more failed order. Those older than {@link #FAILED_ORDER_WINDOW} are dropped. */
    public AuthorityProgress withFailedOrder(Instant now) {
        return new AuthorityProgress(
                directory,
                order,
                Stream.concat(recentFailedOrders(now), Stream.of(now)).toList(),
                failure,
                postponement);
    }

    public AuthorityProgress withFailure(Failure latest) {
        return new AuthorityProgress(directory, order, failedOrders, Optional.of(latest), postponement);
    }

    /** Returns this progress with nothing that delays the next attempt: neither a failure nor a postponement. */
    public AuthorityProgress withoutWaits() {
        return new AuthorityProgress(directory, order, failedOrders, Optional.empty(), Optional.empty());
    }

    /** Returns this progress with a new order that is postponed, or with none that is. */
    public AuthorityProgress withPostponement(Optional<Postponement> latest) {
        return new AuthorityProgress(directory, order, failedOrders, failure, latest);
    }

    AuthorityProgress withRecentFailedOrdersOnly(Instant now) {
        return new AuthorityProgress(
                directory, Optional.empty(), recentFailedOrders(now).toList(), Optional.empty(), Optional.empty());
    }

    private Stream<Instant> recentFailedOrders(Instant now) {
        return failedOrders.stream().filter(time -> time.isAfter(now.minus(FAILED_ORDER_WINDOW)));
    }

    AuthorityProgress asOf(Instant now) {
        return new AuthorityProgress(
                directory,
                order.map(pending -> pending.asOf(now)),
                failedOrders.stream().filter(time -> !time.isAfter(now)).toList(),
                failure.filter(latest -> !latest.lastAttempt().isAfter(now)).map(latest -> latest.asOf(now)),
                postponement.filter(latest -> !latest.lastLook().isAfter(now)).map(latest -> latest.asOf(now)));
    }
}
