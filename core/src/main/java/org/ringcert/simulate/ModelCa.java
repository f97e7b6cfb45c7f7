package org.ringcert.simulate;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.ringcert.acme.RenewalInfo;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.plan.LimitKind;
import org.ringcert.plan.Limits;
import org.ringcert.store.Origin;

/**
 * A CA as Boulder 0.20261105.0 behaves: its limits are token buckets, checked when an order is made and charged when a
 * certificate is issued; its renewal windows and the exemptions in them are those that were seen there. Each validation
 * succeeds. Confined to one thread.
 */
final class ModelCa {

    /** A set of names that was issued in this time is not new, whoever orders it. */
    private static final long RENEWAL_MEMORY = Duration.ofDays(120).toMillis();

    /** Certificates that are valid for less than this are renewed at half of their lifetime, not two thirds. */
    static final Duration SHORT_LIFETIME = Duration.ofDays(10);

    /** The window extends this part of the lifetime to either side. */
    private static final int WINDOW_PART = 100;

    private static final Duration REVOKED_WINDOW_START = Duration.ofMinutes(60);
    private static final Duration REVOKED_WINDOW_END = Duration.ofMinutes(30);

    /** The mean time until the next request for renewal information. */
    static final Duration POLL_INTERVAL = Duration.ofHours(6);

    /** The interval is this much shorter or longer, at random. */
    private static final double POLL_JITTER = 0.2;

    /** A refusal asks for up to this much more time than is needed, at random. */
    private static final double REFUSAL_JITTER = 0.03;

    private final Limits limits;
    private final long lifetime;
    private final SplittableRandom random;
    private final Map<HostName, Bucket> domains = new HashMap<>();
    private final Map<Integer, Bucket> accounts = new HashMap<>();
    private boolean isDown;

    ModelCa(Limits limits, Duration lifetime, SplittableRandom random) {
        this.limits = limits;
        this.lifetime = lifetime.toMillis();
        this.random = random;
    }

    /** The CA's answer to a new order. */
    sealed interface Answer {

        /**
         * The order is created.
         *
         * @param isExempt whether it replaces a certificate in its window, so that no limit counts it
         */
        record Accepted(boolean isExempt) implements Answer {}

        /**
         * A limit is reached.
         *
         * @param limit the limit with the longest wait
         * @param retryAfter when to try again
         */
        record Refused(LimitKind limit, Duration retryAfter) implements Answer {}
    }

    boolean isDown() {
        return isDown;
    }

    void setDown(boolean down) {
        isDown = down;
    }

    Bucket newBucket(LimitKind kind) {
        return new Bucket(limits.find(kind));
    }

    /**
     * Answers a new order.
     *
     * @param account the number of the account
     * @param replaced the certificate that it replaces, if it names one
     */
    Answer newOrder(CountedSet set, int account, @Nullable IssuedCertificate replaced, long now) {
        if (replaced != null && isExempt(replaced, account, now)) {
            return new Answer.Accepted(true);
        }
        LimitKind binding = LimitKind.CERTIFICATES_PER_NAME_SET;
        long wait = set.certificates().waitTime(now);
        if (isNew(set, now)) {
            long forAccount = account(account).waitTime(now);
            if (forAccount > wait) {
                binding = LimitKind.ORDERS_PER_ACCOUNT;
                wait = forAccount;
            }
            for (HostName name : set.registeredDomains()) {
                long forDomain = domain(name).waitTime(now);
                if (forDomain > wait) {
                    binding = LimitKind.CERTIFICATES_PER_REGISTERED_DOMAIN;
                    wait = forDomain;
                }
            }
            if (wait <= 0) {
                account(account).spend(now);
            }
        }
        return wait > 0 ? new Answer.Refused(binding, withJitter(wait)) : new Answer.Accepted(false);
    }

    /** A window that has passed, as after a revocation, exempts nothing. */
    private boolean isExempt(IssuedCertificate replaced, int account, long now) {
        return replaced.account() == account
                && !replaced.isReplaced()
                && !replaced.isRevoked(now)
                && now >= windowStart(replaced)
                && now < windowEnd(replaced);
    }

    private boolean isNew(CountedSet set, long now) {
        return now - set.lastIssued() > RENEWAL_MEMORY;
    }

    private Duration withJitter(long wait) {
        return Duration.ofSeconds((long) Math.ceil(wait * (1 + REFUSAL_JITTER * random.nextDouble()) / 1000));
    }

    /**
     * Issues a certificate. The buckets are charged as far as they are not empty: nothing is refused any more.
     *
     * @param replaced the certificate that it replaces, if the order named one
     */
    IssuedCertificate issue(
            CountedSet set,
            Origin.IssuedByCa origin,
            Optional<KeyType> keyType,
            int account,
            @Nullable IssuedCertificate replaced,
            boolean isExempt,
            long now) {
        if (!isExempt && isNew(set, now)) {
            set.registeredDomains().forEach(name -> domain(name).spend(now));
        }
        set.certificates().spend(now);
        set.issued(now);
        if (replaced != null && replaced.account() == account) {
            replaced.replace();
        }
        Instant notBefore =
                Instant.ofEpochMilli(now).truncatedTo(ChronoUnit.SECONDS).minus(limits.backDate());
        return new IssuedCertificate(origin, keyType, notBefore, notBefore.plusMillis(lifetime), set, account, now);
    }

    /** Returns when a certificate is to be renewed. The window of a revoked one has always just passed. */
    RenewalInfo renewalInfo(IssuedCertificate certificate, long now) {
        Optional<Duration> retryAfter = Optional.of(pollInterval());
        Instant time = Instant.ofEpochMilli(now);
        return certificate.isRevoked(now)
                ? new RenewalInfo(
                        time.minus(REVOKED_WINDOW_START), time.minus(REVOKED_WINDOW_END), Optional.empty(), retryAfter)
                : new RenewalInfo(
                        Instant.ofEpochMilli(windowStart(certificate)),
                        Instant.ofEpochMilli(windowEnd(certificate)),
                        Optional.empty(),
                        retryAfter);
    }

    /** Returns a random time until the next request for renewal information. */
    Duration pollInterval() {
        double factor = 1 + POLL_JITTER * (2 * random.nextDouble() - 1);
        return Duration.ofSeconds((long) (POLL_INTERVAL.toSeconds() * factor));
    }

    private long windowStart(IssuedCertificate certificate) {
        return windowCentre(certificate) - windowTime() / WINDOW_PART;
    }

    private long windowEnd(IssuedCertificate certificate) {
        return windowCentre(certificate) + windowTime() / WINDOW_PART;
    }

    private long windowCentre(IssuedCertificate certificate) {
        return certificate.issuedAt()
                + (lifetime < SHORT_LIFETIME.toMillis() ? windowTime() / 2 : windowTime() * 2 / 3);
    }

    /** Returns the part of the lifetime that comes after the issuance. */
    private long windowTime() {
        return lifetime - limits.backDate().toMillis();
    }

    private Bucket domain(HostName name) {
        return domains.computeIfAbsent(name, _ -> newBucket(LimitKind.CERTIFICATES_PER_REGISTERED_DOMAIN));
    }

    private Bucket account(int number) {
        return accounts.computeIfAbsent(number, _ -> newBucket(LimitKind.ORDERS_PER_ACCOUNT));
    }
}
