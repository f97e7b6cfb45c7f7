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
 * What is under way for a site and must survive a crash: {@code orders/SITE.json}, and {@code orders/SITE.key} (0600)
 * while a key waits for its certificate. Immutable.
 *
 * @param order the order under way
 * @param invalidOrders when orders ended invalid, in the last hour before the latest of them
 * @param failure the failures since the last success, where there are any
 * @param pendingDeployment where this server is still to be told of the version that is installed
 * @param pendingServedCheck where it was told, and is still to be seen to serve that version
 */
public record Progress(
        Optional<PendingOrder> order,
        List<Instant> invalidOrders,
        Optional<Failure> failure,
        Optional<PendingTask> pendingDeployment,
        Optional<PendingTask> pendingServedCheck) {

    /** Nothing under way, nothing failed. */
    public static final Progress NONE =
            new Progress(Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Nothing waits longer than this: whatever says so was noted by a clock that was wrong. */
    public static final Duration MAX_WAIT = Duration.ofDays(7);

    /**
     * How long an invalid order counts: Let's Encrypt limits failed authorizations per hour (its rate limits, 2026-08).
     */
    public static final Duration INVALID_ORDER_WINDOW = Duration.ofHours(1);

    public Progress {
        invalidOrders = List.copyOf(invalidOrders);
    }

    /**
     * The same by a clock that may have been put right since: what was noted in the future does not count, and no wait
     * is longer than the longest. Such a wait is over now; an order from the future was made now, and what is
     * outstanding has not been tried yet.
     */
    public Progress asOf(Instant now) {
        return new Progress(
                order.map(pending -> pending.since().isAfter(now) ? pending.withSince(now) : pending),
                invalidOrders.stream().filter(moment -> !moment.isAfter(now)).toList(),
                failure.filter(it -> !it.lastAttempt.isAfter(now))
                        .map(it -> new Failure(
                                it.count,
                                it.lastAttempt,
                                credible(it.nextAttempt, now),
                                it.reason,
                                it.certificateIssued)),
                pendingDeployment.map(it -> it.asOf(now)),
                pendingServedCheck.map(it -> it.asOf(now)));
    }

    private static Instant credible(Instant next, Instant now) {
        // a wait is rounded up to a whole second
        return next.minusSeconds(1).isAfter(now.plus(MAX_WAIT)) ? now : next;
    }

    /** A certificate has been installed, and nobody was told yet. */
    public static Progress installed(Instant now) {
        return NONE.withPendingDeployment(PendingTask.from(now));
    }

    /** The same with that order under way. */
    public Progress withOrder(PendingOrder pending) {
        return new Progress(Optional.of(pending), invalidOrders, failure, pendingDeployment, pendingServedCheck);
    }

    /** The same with no order under way. */
    public Progress withoutOrder() {
        return new Progress(Optional.empty(), invalidOrders, failure, pendingDeployment, pendingServedCheck);
    }

    /** The same with one more order that ended invalid; those of more than an hour ago are forgotten. */
    public Progress withInvalidOrder(Instant now) {
        Stream<Instant> lastHour =
                invalidOrders.stream().filter(moment -> moment.isAfter(now.minus(INVALID_ORDER_WINDOW)));
        return new Progress(
                order,
                Stream.concat(lastHour, Stream.of(now)).toList(),
                failure,
                pendingDeployment,
                pendingServedCheck);
    }

    /** The same with that failure. */
    public Progress withFailure(Failure latest) {
        return new Progress(order, invalidOrders, Optional.of(latest), pendingDeployment, pendingServedCheck);
    }

    /** The same with no failure. */
    public Progress withoutFailure() {
        return new Progress(order, invalidOrders, Optional.empty(), pendingDeployment, pendingServedCheck);
    }

    /** The same where the server is still to be told. */
    public Progress withPendingDeployment(PendingTask untold) {
        return new Progress(order, invalidOrders, failure, Optional.of(untold), Optional.empty());
    }

    /** The same where the server has been told just now, and nobody has looked yet. */
    public Progress deployed(Instant now) {
        return withPendingServedCheck(PendingTask.from(now));
    }

    /** The same where the server knows, and is still to be seen to serve it. */
    public Progress withPendingServedCheck(PendingTask unseen) {
        return new Progress(order, invalidOrders, failure, Optional.empty(), Optional.of(unseen));
    }

    /** The same where the server serves what is installed. */
    public Progress served() {
        return new Progress(order, invalidOrders, failure, Optional.empty(), Optional.empty());
    }

    /**
     * An order that the CA has taken.
     *
     * @param directory the CA's directory
     * @param account the account's URL
     * @param order the order's URL
     * @param finalizeUrl where its certificate request goes: some CAs say it once, in the answer to the new order
     * @param names what was ordered
     * @param profile the profile that was asked for
     * @param keyType the kind of key that the certificate will have
     * @param key the key of the certificate, once made
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

        /** The same with the key that its certificate will have. */
        public PendingOrder withKey(KeyPair made) {
            return new PendingOrder(
                    directory, account, order, finalizeUrl, names, profile, keyType, Optional.of(made), since);
        }

        private PendingOrder withSince(Instant moment) {
            return new PendingOrder(directory, account, order, finalizeUrl, names, profile, keyType, key, moment);
        }

        /** Without the key. */
        @Override
        public String toString() {
            return "order " + order;
        }
    }

    /**
     * Orders that failed one after the other.
     *
     * @param count how many, at least 1
     * @param lastAttempt when the last of them failed
     * @param nextAttempt not before this moment again
     * @param reason what was said of the last, a sentence
     * @param certificateIssued whether each of them led to a certificate, and that was due again at once
     */
    public record Failure(
            int count, Instant lastAttempt, Instant nextAttempt, String reason, boolean certificateIssued) {

        /** Orders that led to no certificate. */
        public Failure(int count, Instant lastAttempt, Instant nextAttempt, String reason) {
            this(count, lastAttempt, nextAttempt, reason, false);
        }

        /** Whether the site is left alone at that moment. */
        public boolean isWaiting(Instant now) {
            return now.isBefore(nextAttempt);
        }

        /** How often, for the administrator: {@code once}, {@code 3 times in a row}. */
        public String howOften() {
            return count == 1 ? "once" : count + " times in a row";
        }
    }

    /**
     * What is still to be done for the version that is installed.
     *
     * @param failures how often it failed; 0: not tried yet
     * @param lastAttempt when it failed last; not tried yet: since when it is outstanding
     * @param nextAttempt not before this moment
     * @param reason how it failed, for the administrator; empty: not tried yet
     */
    public record PendingTask(int failures, Instant lastAttempt, Instant nextAttempt, String reason) {

        /** Not tried yet, and due at once. */
        public static PendingTask from(Instant now) {
            return new PendingTask(0, now, now, "");
        }

        private PendingTask asOf(Instant now) {
            return lastAttempt.isAfter(now)
                    ? from(now)
                    : new PendingTask(failures, lastAttempt, credible(nextAttempt, now), reason);
        }
    }
}
