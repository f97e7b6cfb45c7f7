package org.ringcert.issue;

import java.time.Instant;
import java.util.List;
import org.ringcert.store.Progress;

/**
 * Limits how many orders of a site may become invalid within an hour. Let's Encrypt refuses a name after five failed
 * authorizations in an hour (its rate limits, 2026-08). One is left for the person who fixes the cause.
 */
final class FailureBudget {

    /** The maximum number of invalid orders within {@link Progress#INVALID_ORDER_WINDOW}. */
    static final int MAX_INVALID_ORDERS = 4;

    private FailureBudget() {}

    /**
     * Checks that another order may be made now.
     *
     * @param invalidOrders when orders became invalid. Times in the future come from a clock that was wrong, and do not
     *     count.
     * @throws IssuanceException if no order may be made yet
     */
    static void check(List<Instant> invalidOrders, Instant now) throws IssuanceException {
        List<Instant> recent = invalidOrders.stream()
                .filter(time -> time.isAfter(now.minus(Progress.INVALID_ORDER_WINDOW)) && !time.isAfter(now))
                .sorted()
                .toList();
        if (recent.size() >= MAX_INVALID_ORDERS) {
            Instant nextOrder = recent.get(recent.size() - MAX_INVALID_ORDERS).plus(Progress.INVALID_ORDER_WINDOW);
            throw IssuanceException.orderPostponed(
                    recent.size()
                            + " orders became invalid within an hour, and the CA allows few more. No order is made before "
                            + nextOrder + ", not even with --force",
                    nextOrder);
        }
    }
}
