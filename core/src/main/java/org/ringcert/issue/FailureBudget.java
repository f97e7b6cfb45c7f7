package org.ringcert.issue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.ringcert.store.AuthorityProgress;

/**
 * Limits how many orders of a site may fail within some time: become invalid, fail a validation, offer no http-01
 * challenge, or give no readable chain. Immutable.
 *
 * @param orders how many may fail, at least one
 * @param period within which time, at most {@link AuthorityProgress#FAILED_ORDER_MEMORY}
 */
public record FailureBudget(int orders, Duration period) {

    /**
     * Four within an hour. Let's Encrypt refuses a name after five failed validations in an hour (its rate limits,
     * 2026-08). The last one is reserved for the person who fixes the cause.
     */
    public static final FailureBudget STANDARD = new FailureBudget(4, Duration.ofHours(1));

    public FailureBudget {
        if (orders < 1 || period.compareTo(AuthorityProgress.FAILED_ORDER_MEMORY) > 0) {
            throw new IllegalArgumentException("a budget is for one order or more, and for a week at most");
        }
    }

    /**
     * Returns the budget at a CA that refuses a name after this many failed validations within some time. The last one
     * is reserved, unless it is the only one.
     */
    public static FailureBudget within(int capacity, Duration period) {
        return new FailureBudget(Math.max(1, capacity - 1), period);
    }

    /**
     * Checks that another order may be made now, by this budget and by the standard one.
     *
     * @param failedOrders when orders failed. Times in the future come from a clock that was wrong, and do not count.
     * @throws IssuanceException if no order may be made yet
     */
    void check(List<Instant> failedOrders, Instant now) throws IssuanceException {
        STANDARD.checkAlone(failedOrders, now);
        checkAlone(failedOrders, now);
    }

    private void checkAlone(List<Instant> failedOrders, Instant now) throws IssuanceException {
        List<Instant> recent = failedOrders.stream()
                .filter(time -> time.isAfter(now.minus(period)) && !time.isAfter(now))
                .sorted()
                .toList();
        if (recent.size() >= orders) {
            Instant nextOrder = recent.get(recent.size() - orders).plus(period);
            throw IssuanceException.orderPostponed(
                    recent.size() + (recent.size() == 1 ? " order has" : " orders have") + " failed since "
                            + recent.getFirst() + ", and the CA allows few failures. No order is made before "
                            + nextOrder + ", not even with --force",
                    nextOrder);
        }
    }
}
