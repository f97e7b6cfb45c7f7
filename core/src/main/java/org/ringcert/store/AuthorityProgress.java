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
 */
public record AuthorityProgress(
        URI directory, Optional<PendingOrder> order, List<Instant> failedOrders, Optional<Failure> failure) {

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
        return new AuthorityProgress(directory, Optional.empty(), List.of(), Optional.empty());
    }

    /** Whether nothing is pending and nothing failed. */
    boolean isEmpty() {
        return order.isEmpty() && failedOrders.isEmpty() && failure.isEmpty();
    }

    AuthorityProgress withDirectory(URI known) {
        return new AuthorityProgress(known, order, failedOrders, failure);
    }

    public AuthorityProgress withOrder(PendingOrder pending) {
        return new AuthorityProgress(directory, Optional.of(pending), failedOrders, failure);
    }

    public AuthorityProgress withoutOrder() {
        return new AuthorityProgress(directory, Optional.empty(), failedOrders, failure);
    }

    /** Returns this progress with one more failed order. Those older than {@link #FAILED_ORDER_WINDOW} are dropped. */
    public AuthorityProgress withFailedOrder(Instant now) {
        return new AuthorityProgress(
                directory,
                order,
                Stream.concat(recentFailedOrders(now), Stream.of(now)).toList(),
                failure);
    }

    public AuthorityProgress withFailure(Failure latest) {
        return new AuthorityProgress(directory, order, failedOrders, Optional.of(latest));
    }

    public AuthorityProgress withoutFailure() {
        return new AuthorityProgress(directory, order, failedOrders, Optional.empty());
    }

    AuthorityProgress withRecentFailedOrdersOnly(Instant now) {
        return new AuthorityProgress(
                directory, Optional.empty(), recentFailedOrders(now).toList(), Optional.empty());
    }

    private Stream<Instant> recentFailedOrders(Instant now) {
        return failedOrders.stream().filter(time -> time.isAfter(now.minus(FAILED_ORDER_WINDOW)));
    }

    AuthorityProgress asOf(Instant now) {
        return new AuthorityProgress(
                directory,
                order.map(pending -> pending.asOf(now)),
                failedOrders.stream().filter(time -> !time.isAfter(now)).toList(),
                failure.filter(latest -> !latest.lastAttempt().isAfter(now)).map(latest -> latest.asOf(now)));
    }
}
