package org.ringcert.store;

import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;

/**
 * What is in progress for a site and must survive a crash. Stored in {@code orders/SITE.json}; the key of the pending
 * order is in {@code orders/SITE.key} (0600). Immutable.
 *
 * <p>A new certificate moves through these states. {@code Issuance} makes the first three, {@code Rollout} the others:
 *
 * <ol>
 *   <li>ordered: {@code order} is present, without a key ({@link #withOrder})
 *   <li>key saved: {@code order} has its key ({@link PendingOrder#withKey})
 *   <li>installed: {@code order} is gone, and {@code pendingDeployment} is present ({@link #installed})
 *   <li>deployed: {@code pendingServedCheck} is present instead ({@link #deployed})
 *   <li>served: nothing is pending ({@link #served})
 * </ol>
 *
 * <p>{@code SiteRenewer} records in {@code failure} that an attempt to renew failed.
 *
 * @param order the pending order
 * @param failedOrders when orders failed: the last one, and those within {@link #FAILED_ORDER_WINDOW} before it
 * @param failure the failures since the last success
 * @param pendingDeployment present if the current version has not been deployed yet
 * @param pendingServedCheck present if the current version was deployed, but has not been seen to be served yet
 */
public record Progress(
        Optional<PendingOrder> order,
        List<Instant> failedOrders,
        Optional<Failure> failure,
        Optional<PendingTask> pendingDeployment,
        Optional<PendingTask> pendingServedCheck) {

    /** Nothing is pending and nothing failed. */
    public static final Progress NONE =
            new Progress(Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    /** The longest wait until a next attempt. A longer one was recorded while the clock was wrong. */
    public static final Duration MAX_WAIT = Duration.ofDays(7);

    /**
     * How long a failed order is remembered. Let's Encrypt limits failed authorizations per hour (its rate limits,
     * 2026-08).
     */
    public static final Duration FAILED_ORDER_WINDOW = Duration.ofHours(1);

    public Progress {
        failedOrders = List.copyOf(failedOrders);
    }

    /**
     * Returns this progress corrected for a clock that was wrong and may have been set since. Failures and failed
     * orders in the future are dropped. A wait of more than {@link #MAX_WAIT} is over now. An order from the future was
     * created now, and a task whose last attempt is in the future has not been attempted yet.
     */
    public Progress asOf(Instant now) {
        return new Progress(
                order.map(pending -> pending.since().isAfter(now) ? pending.withSince(now) : pending),
                failedOrders.stream().filter(time -> !time.isAfter(now)).toList(),
                failure.filter(latest -> !latest.lastAttempt.isAfter(now)).map(latest -> latest.asOf(now)),
                pendingDeployment.map(task -> task.asOf(now)),
                pendingServedCheck.map(task -> task.asOf(now)));
    }

    private static Instant limitWait(Instant nextAttempt, Instant now) {
        // Waits are rounded up to a whole second, so the longest may exceed the limit by less than one.
        return nextAttempt.minusSeconds(1).isAfter(now.plus(MAX_WAIT)) ? now : nextAttempt;
    }

    /** Returns the progress of a site whose certificate has just been installed, with the deployment pending. */
    public static Progress installed(Instant now) {
        return NONE.withPendingDeployment(PendingTask.from(now));
    }

    public Progress withOrder(PendingOrder pending) {
        return new Progress(Optional.of(pending), failedOrders, failure, pendingDeployment, pendingServedCheck);
    }

    public Progress withoutOrder() {
        return new Progress(Optional.empty(), failedOrders, failure, pendingDeployment, pendingServedCheck);
    }

    /** Returns this progress with one more failed order. Those older than {@link #FAILED_ORDER_WINDOW} are dropped. */
    public Progress withFailedOrder(Instant now) {
        Stream<Instant> recent = failedOrders.stream().filter(time -> time.isAfter(now.minus(FAILED_ORDER_WINDOW)));
        return new Progress(
                order, Stream.concat(recent, Stream.of(now)).toList(), failure, pendingDeployment, pendingServedCheck);
    }

    public Progress withFailure(Failure latest) {
        return new Progress(order, failedOrders, Optional.of(latest), pendingDeployment, pendingServedCheck);
    }

    public Progress withoutFailure() {
        return new Progress(order, failedOrders, Optional.empty(), pendingDeployment, pendingServedCheck);
    }

    public Progress withPendingDeployment(PendingTask deployment) {
        return new Progress(order, failedOrders, failure, Optional.of(deployment), Optional.empty());
    }

    /** Returns this progress after a successful deployment, with the served check pending. */
    public Progress deployed(Instant now) {
        return withPendingServedCheck(PendingTask.from(now));
    }

    public Progress withPendingServedCheck(PendingTask check) {
        return new Progress(order, failedOrders, failure, Optional.empty(), Optional.of(check));
    }

    /** Returns this progress after a successful served check: neither deployment nor check is pending. */
    public Progress served() {
        return new Progress(order, failedOrders, failure, Optional.empty(), Optional.empty());
    }

    /**
     * An order that the CA has created.
     *
     * @param directory the URL of the CA's directory
     * @param account the URL of the account
     * @param order the URL of the order
     * @param finalizeUrl the URL for the certificate request. Some CAs give it only in the response to the new order.
     * @param names the names that were ordered
     * @param profile the profile that was requested, if any
     * @param keyType the type of the certificate's key
     * @param key the certificate's key, if it has been generated yet
     * @param since when the order was created
     */
    public record PendingOrder(
            URI directory,
            URI account,
            URI order,
            Optional<URI> finalizeUrl,
            List<HostName> names,
            Optional<String> profile,
            KeyType keyType,
            Optional<KeyPair> key,
            Instant since) {

        public PendingOrder {
            names = List.copyOf(names);
        }

        public PendingOrder withKey(KeyPair generated) {
            return new PendingOrder(
                    directory, account, order, finalizeUrl, names, profile, keyType, Optional.of(generated), since);
        }

        PendingOrder withoutKey() {
            return new PendingOrder(
                    directory, account, order, finalizeUrl, names, profile, keyType, Optional.empty(), since);
        }

        private PendingOrder withSince(Instant time) {
            return new PendingOrder(directory, account, order, finalizeUrl, names, profile, keyType, key, time);
        }

        /** Returns a description without the key. */
        @Override
        public String toString() {
            return "order " + order;
        }
    }

    /**
     * Consecutive attempts to renew that failed.
     *
     * @param count how many, at least 1
     * @param lastAttempt when the last of them failed
     * @param nextAttempt the earliest time to try again
     * @param reason why the last of them failed, a sentence
     * @param certificateIssued whether each of them did lead to a certificate, but one that was due for renewal at once
     */
    public record Failure(
            int count, Instant lastAttempt, Instant nextAttempt, String reason, boolean certificateIssued) {

        /** Attempts that led to no certificate. */
        public Failure(int count, Instant lastAttempt, Instant nextAttempt, String reason) {
            this(count, lastAttempt, nextAttempt, reason, false);
        }

        /** Returns attempts that each led to a certificate, but one that was due for renewal at once. */
        public static Failure dueWhenIssued(int count, Instant lastAttempt, Instant nextAttempt, String reason) {
            return new Failure(count, lastAttempt, nextAttempt, reason, true);
        }

        /** Returns the same attempts with a different time for the next one. */
        public Failure withNextAttempt(Instant time) {
            return new Failure(count, lastAttempt, time, reason, certificateIssued);
        }

        /** Returns whether it is too early for the next attempt. */
        public boolean isWaiting(Instant now) {
            return now.isBefore(nextAttempt);
        }

        /** Returns the count for an administrator: {@code once}, {@code 3 times in a row}. */
        public String howOften() {
            return count == 1 ? "once" : count + " times in a row";
        }

        private Failure asOf(Instant now) {
            return withNextAttempt(limitWait(nextAttempt, now));
        }
    }

    /**
     * A task that is still to be done for the current version.
     *
     * @param failures how often it has failed; 0 if it has not been attempted yet
     * @param lastAttempt when it last failed; if it has not been attempted yet, when it became pending
     * @param nextAttempt the earliest time to attempt it
     * @param reason why it last failed, for an administrator; empty if it has not been attempted yet
     */
    public record PendingTask(int failures, Instant lastAttempt, Instant nextAttempt, String reason) {

        /** Returns a task that has not been attempted yet and is due now. */
        public static PendingTask from(Instant now) {
            return new PendingTask(0, now, now, "");
        }

        private PendingTask asOf(Instant now) {
            return lastAttempt.isAfter(now)
                    ? from(now)
                    : new PendingTask(failures, lastAttempt, limitWait(nextAttempt, now), reason);
        }
    }
}
