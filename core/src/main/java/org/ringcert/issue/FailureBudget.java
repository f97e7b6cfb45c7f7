package org.ringcert.issue;

import java.time.Instant;
import java.util.List;
import org.ringcert.store.AuthorityProgress;

/**
 * Limits how many orders of a site may fail within an hour: become invalid, fail a validation, offer no http-01
 * challenge, or give no readable chain. Let's Encrypt refuses a name after five failed authorizations in an hour (its
 * rate limits, 2026-08). The last one is reserved for the person who fixes the cause.
 */
final class FailureBudget {

    /** The maximum number of failed orders within {@link AuthorityProgress#FAILED_ORDER_WINDOW}. */
    static final int MAX_FAILED_ORDERS = 4;

    private FailureBudget() {}

    /**
     * Checks that another order may be made now.
     *
     * @param failedOrders when orders failed. Times in the future come from a clock that was wrong, and do not count.
     * @throws IssuanceException if no order may be made yet
     */
    static void check(List<Instant> failedOrders, Instant now) throws IssuanceException {
        List<Instant> recent = failedOrders.stream()
                .filter(time -> time.isAfter(now.minus(AuthorityProgress.FAILED_ORDER_WINDOW)) && !time.isAfter(now))
                .sorted()
                .toList();
        if (recent.size() >= MAX_FAILED_ORDERS) {
            Instant nextOrder =
                    recent.get(recent.size() - MAX_FAILED_ORDERS).plus(AuthorityProgress.FAILED_ORDER_WINDOW);
            throw IssuanceException.orderPostponed(
                    recent.size()
                            + " orders failed within an hour, and the CA allows few failures. No order is made before "
                            + nextOrder + ", not even with --force",
                    nextOrder);
        }
    }
}
