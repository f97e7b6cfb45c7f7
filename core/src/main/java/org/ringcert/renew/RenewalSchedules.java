package org.ringcert.renew;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.RenewalInfo;
import org.ringcert.issue.Issuer;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.RenewalSchedule;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the renewal schedules of installed certificates up to date: asks the CAs when they suggest to renew (RFC 9773,
 * section 4), and chooses a time in the suggested window. Safe for any number of threads; the caller holds the site's
 * lock.
 */
final class RenewalSchedules {

    private static final Logger log = LoggerFactory.getLogger(RenewalSchedules.class);

    /** RFC 9773, section 4.3.2, allows clients these limits of Retry-After. */
    private static final Duration MIN_INTERVAL = Duration.ofMinutes(1);

    private static final Duration MAX_INTERVAL = RenewalSchedule.MAX_POLL_INTERVAL;

    /** If the CA names no interval, and after an error that will last (RFC 9773, section 4.3.3). */
    private static final Duration DEFAULT_INTERVAL = Duration.ofHours(6);

    /**
     * A chosen time is this part of the window away from both ends, and at most {@link #MAX_MARGIN}. Let's Encrypt
     * exempts renewals from its limits in the window only, to the second (seen with Boulder 0.20261105.0), and this
     * server's clock may be a little wrong.
     */
    private static final int MARGIN_PART = 20;

    private static final Duration MAX_MARGIN = Duration.ofMinutes(10);

    private final Store store;
    private final InstantSource clock;
    private final SecureRandom random;

    RenewalSchedules(Store store, InstantSource clock, SecureRandom random) {
        this.store = store;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Returns the schedule of a version, after asking its CA if it is time to. A failed request changes nothing but the
     * time of the next one.
     *
     * @throws StoreException if what the CA said cannot be saved
     */
    RenewalSchedule refresh(CertificateVersion version, Issuer issuer) throws StoreException {
        RenewalSchedule stored = store.renewalSchedule(version);
        Instant now = clock.instant();
        if (!isTimeToAsk(version, stored, now)) {
            return stored;
        }
        RenewalSchedule current = poll(version, issuer, stored, now);
        if (!Thread.currentThread().isInterrupted()) {
            store.saveRenewalSchedule(version, current);
        }
        return current;
    }

    /** Returns whether {@link #refresh} would ask the CA. */
    boolean isTimeToAsk(CertificateVersion version) {
        return isTimeToAsk(version, store.renewalSchedule(version), clock.instant());
    }

    private static boolean isTimeToAsk(CertificateVersion version, RenewalSchedule stored, Instant now) {
        // RFC 9773, section 4.3: certificates that have expired are not asked about.
        return !now.isBefore(stored.nextPoll()) && now.isBefore(version.notAfter());
    }

    private RenewalSchedule poll(CertificateVersion version, Issuer issuer, RenewalSchedule stored, Instant now) {
        try {
            return issuer.renewalInfo(version)
                    .map(info -> scheduleFrom(version, info, stored, now))
                    .orElseGet(() -> new RenewalSchedule(Optional.empty(), now.plus(MAX_INTERVAL), 0));
        } catch (AcmeException e) {
            log.info("{}: the CA did not say when to renew: {}", version.name(), e.getMessage());
            int failures = stored.failedPolls() + 1;
            return new RenewalSchedule(stored.suggestion(), now.plus(delayAfter(e, failures)), failures);
        } catch (RuntimeException e) {
            // Nothing that a CA says here may prevent the renewal itself.
            log.error("{}: a bug in Ringcert", version.name(), e);
            return new RenewalSchedule(stored.suggestion(), now.plus(DEFAULT_INTERVAL), stored.failedPolls() + 1);
        }
    }

    private RenewalSchedule scheduleFrom(
            CertificateVersion version, RenewalInfo info, RenewalSchedule stored, Instant now) {
        RenewalSchedule.Suggestion suggestion = stored.suggestion()
                .filter(known -> known.isFor(info.start(), info.end()))
                .map(known -> known.withExplanation(info.explanationUrl()))
                .orElseGet(() -> new RenewalSchedule.Suggestion(
                        info.start(), info.end(), info.explanationUrl(), chooseTime(info)));
        RenewalSchedule schedule = new RenewalSchedule(
                Optional.of(suggestion), now.plus(limit(info.retryAfter().orElse(DEFAULT_INTERVAL))), 0);
        Optional<String> recall = CertificateDates.describeRecall(version, schedule, now);
        if (recall.isPresent()) {
            // RFC 9773, section 4.2: the operator should get to see the page.
            log.warn(
                    "{}: {}{}",
                    version.name(),
                    recall.get(),
                    suggestion
                            .explanationUrl()
                            .map(url -> ". The CA says why at " + url)
                            .orElse(""));
        } else if (suggestion.explanationUrl().isPresent()
                && !Optional.of(suggestion).equals(stored.suggestion())) {
            log.warn(
                    "{}: the CA suggests to renew its certificate between {} and {}, and says why at {}",
                    version.name(),
                    suggestion.start(),
                    suggestion.end(),
                    suggestion.explanationUrl().get());
        }
        return schedule;
    }

    /**
     * Returns a uniformly random time in the window (RFC 9773, section 4.2), not close to its edges and rounded down to
     * a whole second.
     */
    private Instant chooseTime(RenewalInfo info) {
        Duration margin = margin(Duration.between(info.start(), info.end()));
        Instant earliest = info.start().plus(margin);
        long seconds =
                Math.max(1, Duration.between(earliest, info.end().minus(margin)).toSeconds());
        Instant chosen = earliest.plusSeconds(random.nextLong(seconds)).truncatedTo(ChronoUnit.SECONDS);
        return chosen.isBefore(info.start()) ? info.start() : chosen;
    }

    private static Duration margin(Duration window) {
        Duration part = window.dividedBy(MARGIN_PART);
        return part.compareTo(MAX_MARGIN) < 0 ? part : MAX_MARGIN;
    }

    /** Returns how long to wait after a failed request: longer each time if the error may pass soon. */
    private static Duration delayAfter(AcmeException e, int failures) {
        return switch (e.kind()) {
            case UNREACHABLE, RATE_LIMITED -> {
                Duration delay = BackOff.pollDelay(failures);
                yield limit(e.retryAfter()
                        .filter(requested -> requested.compareTo(delay) > 0)
                        .orElse(delay));
            }
            case ACCOUNT_GONE, NOT_FOUND, REFUSED, ALREADY_REPLACED, INVALID_RESPONSE, UNUSABLE_CERTIFICATE ->
                DEFAULT_INTERVAL;
        };
    }

    private static Duration limit(Duration interval) {
        if (interval.compareTo(MIN_INTERVAL) < 0) {
            return MIN_INTERVAL;
        }
        return interval.compareTo(MAX_INTERVAL) > 0 ? MAX_INTERVAL : interval;
    }
}
