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
 * @param failedOrders when orders failed: the last ones, within {@link #FAILED_ORDER_MEMORY}
 * @param failure the failures since the last success
 * @param postponement present while a new order waits because of what looks at the site saw
 * @param turn present while an order waits for its turn within the CA's limits
 */
public record AuthorityProgress(
        URI directory,
        Optional<PendingOrder> order,
        List<Instant> failedOrders,
        Optional<Failure> failure,
        Optional<Postponement> postponement,
        Optional<PendingTurn> turn) {

    /** How long a failed order is remembered, because CAs limit failed validations within some time. */
    public static final Duration FAILED_ORDER_MEMORY = Duration.ofDays(7);

    /** More than these are not remembered; no budget is larger. */
    private static final int MAX_FAILED_ORDERS = 100;

    /** Stands for the CA in records of earlier versions, which did not name it. */
    static final URI UNKNOWN_DIRECTORY = URI.create("unknown:ca");

    public AuthorityProgress {
        failedOrders = List.copyOf(failedOrders);
    }

    static AuthorityProgress none(URI directory) {
        return new AuthorityProgress(
                directory, Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Whether nothing is pending and nothing failed. */
    boolean isEmpty() {
        return order.isEmpty()
                && failedOrders.isEmpty()
                && failure.isEmpty()
                && postponement.isEmpty()
                && turn.isEmpty();
    }

    AuthorityProgress withDirectory(URI known) {
        return new AuthorityProgress(known, order, failedOrders, failure, postponement, turn);
    }

    /**
     * Returns this progress with a pending order. If a new order was postponed, or waited for its turn, that is over.
     */
    public AuthorityProgress withOrder(PendingOrder pending) {
        return new AuthorityProgress(
                directory, Optional.of(pending), failedOrders, failure, Optional.empty(), Optional.empty());
    }

    public AuthorityProgress withoutOrder() {
        return new AuthorityProgress(directory, Optional.empty(), failedOrders, failure, postponement, turn);
    }

    /** Returns this progress with one more failed order. Those older than {@link #FAILED_ORDER_MEMORY} are dropped. */
    public AuthorityProgress withFailedOrder(Instant now) {
        return new AuthorityProgress(
                directory,
                order,
                Stream.concat(recentFailedOrders(now), Stream.of(now)).toList(),
                failure,
                postponement,
                turn);
    }

    public AuthorityProgress withFailure(Failure latest) {
        return new AuthorityProgress(directory, order, failedOrders, Optional.of(latest), postponement, turn);
    }

    /**
     * Returns this progress with nothing that delays the next attempt: neither a failure nor a postponement, nor a turn
     * that this node has planned. What the CA has refused it would refuse again.
     */
    public AuthorityProgress withoutWaits() {
        return new AuthorityProgress(
                directory,
                order,
                failedOrders,
                Optional.empty(),
                Optional.empty(),
                turn.filter(pending -> pending.cause() == PendingTurn.Cause.REFUSAL));
    }

    /** Returns whether there is anything that {@link #withoutWaits} would remove. */
    boolean hasWaits() {
        return failure.isPresent()
                || postponement.isPresent()
                || turn.filter(pending -> pending.cause() != PendingTurn.Cause.REFUSAL)
                        .isPresent();
    }

    /** Returns this progress with a new order that is postponed, or with none that is. */
    public AuthorityProgress withPostponement(Optional<Postponement> latest) {
        return new AuthorityProgress(directory, order, failedOrders, failure, latest, turn);
    }

    /** Returns this progress with an order that waits for its turn, or with none that does. */
    public AuthorityProgress withTurn(Optional<PendingTurn> latest) {
        return new AuthorityProgress(directory, order, failedOrders, failure, postponement, latest);
    }

    AuthorityProgress withLimitsOnly(Instant now) {
        return new AuthorityProgress(
                directory,
                Optional.empty(),
                recentFailedOrders(now).toList(),
                Optional.empty(),
                Optional.empty(),
                turn.filter(pending -> pending.cause() == PendingTurn.Cause.REFUSAL));
    }

    private Stream<Instant> recentFailedOrders(Instant now) {
        return failedOrders.stream()
                .filter(time -> time.isAfter(now.minus(FAILED_ORDER_MEMORY)))
                .sorted()
                .skip(Math.max(0, failedOrders.size() - MAX_FAILED_ORDERS));
    }

    AuthorityProgress asOf(Instant now) {
        return new AuthorityProgress(
                directory,
                order.map(pending -> pending.asOf(now)),
                failedOrders.stream().filter(time -> !time.isAfter(now)).toList(),
                failure.filter(latest -> !latest.lastAttempt().isAfter(now)).map(latest -> latest.asOf(now)),
                postponement.filter(latest -> !latest.lastLook().isAfter(now)).map(latest -> latest.asOf(now)),
                turn.filter(latest ->
                                !latest.decided().isAfter(now) && latest.at().isAfter(now))
                        .map(latest -> latest.asOf(now)));
    }
}
