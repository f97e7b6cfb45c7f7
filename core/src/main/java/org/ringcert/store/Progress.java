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
 * @param order the pending order
 * @param invalidOrders when orders became invalid: the last one, and those within {@link #INVALID_ORDER_WINDOW} before
 *     it
 * @param failure the failures since the last success
 * @param pendingDeployment present if the current version has not been deployed yet
 * @param pendingServedCheck present if the current version was deployed, but has not been seen to be served yet
 */
public record Progress(
        Optional<PendingOrder> order,
        List<Instant> invalidOrders,
        Optional<Failure> failure,
        Optional<PendingTask> pendingDeployment,
        Optional<PendingTask> pendingServedCheck) {

    /** Nothing is pending and nothing failed. */
    public static final Progress NONE =
            new Progress(Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    /** The longest wait until a next attempt. A longer one was recorded while the clock was wrong. */
    public static final Duration MAX_WAIT = Duration.ofDays(7);

    /**
     * How long an invalid order is remembered. Let's Encrypt limits failed authorizations per hour (its rate limits,
     * 2026-08).
     */
    public static final Duration INVALID_ORDER_WINDOW = Duration.ofHours(1);

    public Progress {
        invalidOrders = List.copyOf(invalidOrders);
    }

    /**
     * Returns this progress corrected for a clock that was wrong and may have been set since. Failures and invalid
     * orders in the future are dropped. A wait of more than {@link #MAX_WAIT} is over now. An order from the future was
     * created now, and a task whose last attempt is in the future has not been attempted yet.
     */
    public Progress asOf(Instant now) {
        return new Progress(
                order.map(pending -> pending.since().isAfter(now) ? pending.withSince(now) : pending),
                invalidOrders.stream().filter(time -> !time.isAfter(now)).toList(),
                failure.filter(it -> !it.lastAttempt.isAfter(now)).map(it -> it.asOf(now)),
                pendingDeployment.map(it -> it.asOf(now)),
                pendingServedCheck.map(it -> it.asOf(now)));
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
        return new Progress(Optional.of(pending), invalidOrders, failure, pendingDeployment, pendingServedCheck);
    }

    public Progress withoutOrder() {
        return new Progress(Optional.empty(), invalidOrders, failure, pendingDeployment, pendingServedCheck);
    }

    /**
     * Returns this progress with one more invalid order. Those older than {@link #INVALID_ORDER_WINDOW} are dropped.
     */
    public Progress withInvalidOrder(Instant now) {
        Stream<Instant> recent = invalidOrders.stream().filter(time -> time.isAfter(now.minus(INVALID_ORDER_WINDOW)));
        return new Progress(
                order, Stream.concat(recent, Stream.of(now)).toList(), failure, pendingDeployment, pendingServedCheck);
    }

    public Progress withFailure(Failure latest) {
        return new Progress(order, invalidOrders, Optional.of(latest), pendingDeployment, pendingServedCheck);
    }

    public Progress withoutFailure() {
        return new Progress(order, invalidOrders, Optional.empty(), pendingDeployment, pendingServedCheck);
    }

    public Progress withPendingDeployment(PendingTask deployment) {
        return new Progress(order, invalidOrders, failure, Optional.of(deployment), Optional.empty());
    }

    /** Returns this progress after a successful deployment, with the served check pending. */
    public Progress deployed(Instant now) {
        return withPendingServedCheck(PendingTask.from(now));
    }

    public Progress withPendingServedCheck(PendingTask check) {
        return new Progress(order, invalidOrders, failure, Optional.empty(), Optional.of(check));
    }

    /** Returns this progress after a successful served check: neither deployment nor check is pending. */
    public Progress served() {
        return new Progress(order, invalidOrders, failure, Optional.empty(), Optional.empty());
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

        /** Returns whether it is too early for the next attempt. */
        public boolean isWaiting(Instant now) {
            return now.isBefore(nextAttempt);
        }

        /** Returns the count for an administrator: {@code once}, {@code 3 times in a row}. */
        public String howOften() {
            return count == 1 ? "once" : count + " times in a row";
        }

        private Failure asOf(Instant now) {
            return new Failure(count, lastAttempt, limitWait(nextAttempt, now), reason, certificateIssued);
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
