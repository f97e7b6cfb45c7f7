package org.ringcert.store;

import java.net.URI;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;

/**
 * What is in progress for a site and must survive a crash. Stored in {@code orders/SITE.json} (0600). Immutable.
 *
 * <p>A new certificate moves through these states. {@code Issuance} makes the first three, {@code Rollout} the others:
 *
 * <ol>
 *   <li>ordered: the CA's {@link AuthorityProgress} has an order without a key ({@link AuthorityProgress#withOrder})
 *   <li>key saved: that order has its key ({@link PendingOrder#withKey})
 *   <li>installed: nothing is under way at any CA, and {@code rollout} is {@link PendingRollout.Undeployed}
 *       ({@link #installed})
 *   <li>deployed: {@code rollout} is {@link PendingRollout.Unserved} ({@link #deployed})
 *   <li>served: nothing is pending ({@link #served})
 * </ol>
 *
 * <p>{@code FailureRecords} records failed attempts to renew at the CA that was asked.
 *
 * @param authorities what is under way or has failed at each CA; a CA without either has no entry
 * @param rollout what is still to be done for the current version, if anything
 * @param failedTest present while a renewed certificate, of this node or the canary, is one that clients would refuse
 */
public record Progress(
        List<AuthorityProgress> authorities, Optional<PendingRollout> rollout, Optional<FailedTest> failedTest) {

    /** Nothing is pending and nothing failed. */
    public static final Progress NONE = new Progress(List.of(), Optional.empty(), Optional.empty());

    /** The longest wait until a next attempt. A longer one was recorded while the clock was wrong. */
    public static final Duration MAX_WAIT = Duration.ofDays(7);

    public Progress {
        authorities = List.copyOf(authorities);
    }

    /**
     * Returns this progress corrected for a clock that was wrong and may have been set since. Failures, failed orders
     * and turns that were decided in the future are dropped, and so are turns that have come. A wait of more than
     * {@link #MAX_WAIT} is over now. An order from the future was created now, and a task whose last attempt is in the
     * future has not been attempted yet.
     */
    public Progress asOf(Instant now) {
        return new Progress(
                authorities.stream()
                        .map(authority -> authority.asOf(now))
                        .filter(authority -> !authority.isEmpty())
                        .toList(),
                rollout.map(pending -> pending.withTask(pending.task().asOf(now))),
                failedTest.filter(test -> !test.lastTest().isAfter(now)).map(test -> test.asOf(now)));
    }

    private static Instant limitWait(Instant nextAttempt, Instant now) {
        // Waits are rounded up to a whole second, so the longest may exceed the limit by less than one.
        return nextAttempt.minusSeconds(1).isAfter(now.plus(MAX_WAIT)) ? now : nextAttempt;
    }

    /**
     * Returns the progress after a certificate from a CA has been installed, with its deployment pending. Nothing is
     * under way any more. Orders that failed at other CAs still count towards those CAs' limits, and what they have
     * refused they would refuse again.
     *
     * @param directory the URL of the CA's directory
     */
    public Progress installed(URI directory, Instant now) {
        List<AuthorityProgress> others = authorities.stream()
                .filter(authority -> !authority.directory().equals(directory))
                .map(authority -> authority.withLimitsOnly(now))
                .filter(authority -> !authority.isEmpty())
                .toList();
        return new Progress(
                others, Optional.of(new PendingRollout.Undeployed(PendingTask.from(now))), Optional.empty());
    }

    /**
     * Returns what is under way at a CA. Earlier versions of Ringcert did not record at which CA an order had failed;
     * such a record counts for the CA that is asked about first, which was the only one they used.
     *
     * @param directory the URL of the CA's directory
     */
    public AuthorityProgress at(URI directory) {
        return find(directory)
                .or(() -> find(AuthorityProgress.UNKNOWN_DIRECTORY).map(unknown -> unknown.withDirectory(directory)))
                .orElseGet(() -> AuthorityProgress.none(directory));
    }

    private Optional<AuthorityProgress> find(URI directory) {
        return authorities.stream()
                .filter(authority -> authority.directory().equals(directory))
                .findFirst();
    }

    /** Returns this progress with another state at one CA. */
    public Progress with(AuthorityProgress changed) {
        Stream<AuthorityProgress> others = authorities.stream()
                .filter(other -> !other.directory().equals(changed.directory())
                        && !other.directory().equals(AuthorityProgress.UNKNOWN_DIRECTORY));
        Stream<AuthorityProgress> own = changed.isEmpty() ? Stream.empty() : Stream.of(changed);
        return new Progress(Stream.concat(others, own).toList(), rollout, failedTest);
    }

    /** Returns this progress without what delays the next attempt at any CA, or the installation of a certificate. */
    public Progress withoutWaits() {
        return new Progress(
                authorities.stream()
                        .map(AuthorityProgress::withoutWaits)
                        .filter(authority -> !authority.isEmpty())
                        .toList(),
                rollout,
                testOfServedCertificate());
    }

    private Optional<FailedTest> testOfServedCertificate() {
        return failedTest.filter(test -> !test.delaysThisNode());
    }

    /**
     * Returns this progress without what only the daemon waits for: the next look at a site whose order is postponed,
     * and the next test of a certificate that clients would refuse.
     */
    public Progress withoutPostponements() {
        return new Progress(
                authorities.stream()
                        .map(authority -> authority.withPostponement(Optional.empty()))
                        .filter(authority -> !authority.isEmpty())
                        .toList(),
                rollout,
                testOfServedCertificate());
    }

    /** Returns the failures since the last success, one for each CA where there are any. */
    public List<Failure> failures() {
        return authorities.stream()
                .flatMap(authority -> authority.failure().stream())
                .toList();
    }

    /** Returns whether there is anything that delays, or has delayed, the next attempt at a CA. */
    public boolean hasWaits() {
        return failedTest.filter(FailedTest::delaysThisNode).isPresent()
                || authorities.stream().anyMatch(AuthorityProgress::hasWaits);
    }

    public Progress withRollout(PendingRollout pending) {
        return new Progress(authorities, Optional.of(pending), failedTest);
    }

    /** Returns this progress with another test that has failed, or with none. */
    public Progress withFailedTest(Optional<FailedTest> latest) {
        return new Progress(authorities, rollout, latest);
    }

    /** Returns this progress after a successful deployment, with the served check pending. */
    public Progress deployed(Instant now) {
        return withRollout(new PendingRollout.Unserved(PendingTask.from(now)));
    }

    /** Returns this progress after a successful served check: neither deployment nor check is pending. */
    public Progress served() {
        return new Progress(authorities, Optional.empty(), failedTest);
    }

    /**
     * An order that the CA has created.
     *
     * @param account the URL of the account
     * @param order the URL of the order
     * @param finalizeUrl the URL for the certificate request. Some CAs give it only in the response to the new order.
     * @param names the names that were ordered
     * @param profile the profile that was requested, if any
     * @param keyType the type of the certificate's key
     * @param key the certificate's key, if it has been generated yet
     * @param since when the order was created
     * @param chain the issued certificate, leaf first, if it is kept because clients would refuse it; empty otherwise
     */
    public record PendingOrder(
            URI account,
            URI order,
            Optional<URI> finalizeUrl,
            List<HostName> names,
            Optional<String> profile,
            KeyType keyType,
            Optional<KeyPair> key,
            Instant since,
            List<X509Certificate> chain) {

        public PendingOrder {
            names = List.copyOf(names);
            chain = List.copyOf(chain);
        }

        /** An order whose certificate has not been issued yet, or was installed at once. */
        public PendingOrder(
                URI account,
                URI order,
                Optional<URI> finalizeUrl,
                List<HostName> names,
                Optional<String> profile,
                KeyType keyType,
                Optional<KeyPair> key,
                Instant since) {
            this(account, order, finalizeUrl, names, profile, keyType, key, since, List.of());
        }

        public PendingOrder withKey(KeyPair generated) {
            return new PendingOrder(
                    account, order, finalizeUrl, names, profile, keyType, Optional.of(generated), since, chain);
        }

        /** Returns this order with its issued certificate, which is not installed yet. */
        public PendingOrder withChain(List<X509Certificate> issued) {
            return new PendingOrder(account, order, finalizeUrl, names, profile, keyType, key, since, issued);
        }

        PendingOrder asOf(Instant now) {
            return since.isAfter(now) ? withSince(now) : this;
        }

        private PendingOrder withSince(Instant time) {
            return new PendingOrder(account, order, finalizeUrl, names, profile, keyType, key, time, chain);
        }

        /** Returns a description without the key. */
        @Override
        public String toString() {
            return "order " + order;
        }
    }

    /**
     * Consecutive attempts to renew at one CA that failed.
     *
     * @param count how many, at least 1
     * @param lastAttempt when the last of them failed
     * @param nextAttempt the earliest time to try again
     * @param reason why the last of them failed, a sentence
     * @param certificateIssued whether each of them did lead to a certificate, but one that was due for renewal at once
     * @param outage present if the last of them was the CA's own failure
     * @param tally what they have cost
     */
    public record Failure(
            int count,
            Instant lastAttempt,
            Instant nextAttempt,
            String reason,
            boolean certificateIssued,
            Optional<Outage> outage,
            Tally tally) {

        /** Attempts that led to no certificate and that a limit counts, the last of them by no failure of the CA. */
        public Failure(int count, Instant lastAttempt, Instant nextAttempt, String reason) {
            this(count, lastAttempt, nextAttempt, reason, false, Optional.empty(), Tally.counted(count));
        }

        /** Returns attempts that each led to a certificate, but one that was due for renewal at once. */
        public static Failure dueWhenIssued(int count, Instant lastAttempt, Instant nextAttempt, String reason) {
            return new Failure(count, lastAttempt, nextAttempt, reason, true, Optional.empty(), Tally.counted(count));
        }

        /** Returns the same attempts with the CA's own failure as the cause of the last. */
        public Failure withOutage(Optional<Outage> latest) {
            return new Failure(count, lastAttempt, nextAttempt, reason, certificateIssued, latest, tally);
        }

        /** Returns the same attempts with a different time for the next one. */
        public Failure withNextAttempt(Instant time) {
            return new Failure(count, lastAttempt, time, reason, certificateIssued, outage, tally);
        }

        /** Returns the same attempts with a different reason. */
        public Failure withReason(String text) {
            return new Failure(count, lastAttempt, nextAttempt, text, certificateIssued, outage, tally);
        }

        /** Returns whether it is too early for the next attempt. */
        public boolean isWaiting(Instant now) {
            return now.isBefore(nextAttempt);
        }

        /** Returns the count for an administrator: {@code once}, {@code 3 times in a row}. */
        public String howOften() {
            return count == 1 ? "once" : count + " times in a row";
        }

        Failure asOf(Instant now) {
            return withNextAttempt(limitWait(nextAttempt, now));
        }
    }

    /**
     * What consecutive failed attempts at one CA have cost.
     *
     * @param latest the kind of the last of them
     * @param counted how many of them the CA's limits count
     * @param uncounted how many of the latest in a row no limit counts
     */
    public record Tally(FailureKind latest, int counted, int uncounted) {

        /** Nothing has failed yet. */
        public static final Tally NONE = new Tally(FailureKind.UNCOUNTED, 0, 0);

        static Tally counted(int attempts) {
            return new Tally(FailureKind.COUNTED, attempts, 0);
        }

        static Tally uncounted(int attempts) {
            return new Tally(FailureKind.UNCOUNTED, 0, attempts);
        }

        /** Returns the tally after one more failed attempt. */
        public Tally with(FailureKind kind) {
            return switch (kind) {
                case UNREACHABLE, UNCOUNTED -> new Tally(kind, counted, uncounted + 1);
                case COUNTED -> new Tally(kind, counted + 1, 0);
                case RATE_LIMITED -> new Tally(kind, counted, 0);
            };
        }

        /** Returns how many attempts of the kind of the last one lengthen the wait for the next. */
        public int consecutive() {
            return switch (latest) {
                case UNREACHABLE, UNCOUNTED -> uncounted;
                case COUNTED -> counted;
                case RATE_LIMITED -> 0;
            };
        }
    }

    /**
     * Consecutive failures of a CA itself, whatever the site does: it could not be reached, answered with errors or
     * garbage, or refused this node.
     *
     * @param since when the first of them happened
     * @param failures how many, at least 1
     * @param requestedWait how long the CA asked to wait at the last of them; zero if it did not
     */
    public record Outage(Instant since, int failures, Duration requestedWait) {

        /** Returns these failures and one more, now. */
        public Outage next(Duration wait) {
            return new Outage(since, failures + 1, wait);
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

        PendingTask asOf(Instant now) {
            return lastAttempt.isAfter(now)
                    ? from(now)
                    : new PendingTask(failures, lastAttempt, limitWait(nextAttempt, now), reason);
        }
    }
}
