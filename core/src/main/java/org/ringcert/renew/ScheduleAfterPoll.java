package org.ringcert.renew;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.RenewalInfo;
import org.ringcert.issue.BackOff;
import org.ringcert.plan.SpreadShare;
import org.ringcert.plan.WindowPlace;
import org.ringcert.store.CertificateFacts;
import org.ringcert.store.RenewalSchedule;

/**
 * Returns the renewal schedule of a certificate after its CA was asked when it suggests to renew it (RFC 9773, section
 * 4): the time that is chosen in the suggested window, and when to ask again. Without side effects.
 */
public final class ScheduleAfterPoll {

    /** RFC 9773, section 4.3.2, allows clients these limits of Retry-After. */
    private static final Duration MIN_INTERVAL = Duration.ofMinutes(1);

    private static final Duration MAX_INTERVAL = RenewalSchedule.MAX_POLL_INTERVAL;

    /** If the CA names no interval, and after an error that will last (RFC 9773, section 4.3.3). */
    static final Duration DEFAULT_INTERVAL = Duration.ofHours(6);

    private ScheduleAfterPoll() {}

    /** Returns whether the CA is to be asked now. */
    public static boolean isDue(CertificateFacts version, RenewalSchedule stored, Instant now) {
        // RFC 9773, section 4.3: certificates that have expired are not asked about.
        return !now.isBefore(stored.nextPoll()) && now.isBefore(version.notAfter());
    }

    /**
     * Returns the schedule after a CA's answer. The time chosen in a window stays as long as the window does, unless it
     * is in the wrong part of the window when that is about to begin: the site may have moved in the weeks since the
     * time was chosen.
     *
     * @param place returns where in the window this node renews; asked only if that matters
     */
    public static RenewalSchedule answered(
            RenewalSchedule stored, RenewalInfo info, Supplier<WindowPlace> place, Instant now) {
        Instant nextPoll = now.plus(limit(info.retryAfter().orElse(DEFAULT_INTERVAL)));
        Optional<RenewalSchedule.Suggestion> known = stored.suggestion()
                .filter(suggestion -> suggestion.isFor(info.start(), info.end()))
                .map(suggestion -> suggestion.withExplanation(info.explanationUrl()));
        boolean isAboutToBegin = now.isBefore(info.start()) && !nextPoll.isBefore(info.start());
        if (known.isPresent() && !isAboutToBegin) {
            return new RenewalSchedule(known, nextPoll, 0);
        }
        // A window in the past asks for an order at once, so it does not matter who is first.
        WindowPlace part = info.end().isAfter(now) ? place.get() : WindowPlace.MIDDLE;
        RenewalSchedule.Suggestion suggestion = known.filter(
                        earlier -> part.share().contains(earlier.chosen(), info.start(), info.end()))
                .orElseGet(() -> new RenewalSchedule.Suggestion(
                        info.start(), info.end(), info.explanationUrl(), part.in(info.start(), info.end())));
        return new RenewalSchedule(Optional.of(suggestion), nextPoll, 0);
    }

    /**
     * Returns the schedule of a certificate whose CA makes no suggestions. Its renewal is planned once.
     *
     * @param share this certificate's part in the renewals of its names; empty if no limit counts them
     * @param previous the time that was planned for the certificate before it; asked only if it matters
     */
    public static RenewalSchedule notOffered(
            CertificateFacts version,
            RenewalSchedule stored,
            Optional<SpreadShare> share,
            Supplier<Optional<Instant>> previous,
            Instant now) {
        Optional<Instant> planned = share.map(part -> stored.planned()
                .orElseGet(() -> part.plan(previous.get(), version.notBefore(), version.lifetime())
                        .truncatedTo(ChronoUnit.SECONDS)));
        return new RenewalSchedule(Optional.empty(), now.plus(MAX_INTERVAL), 0, planned);
    }

    /** Returns the schedule after a request that failed: only the time of the next one is another. */
    static RenewalSchedule failed(RenewalSchedule stored, AcmeException failure, Instant now) {
        int failures = stored.failedPolls() + 1;
        return new RenewalSchedule(
                stored.suggestion(), now.plus(delayAfter(failure, failures)), failures, stored.planned());
    }

    /** Returns the schedule after a request to a CA that could not be reached. */
    public static RenewalSchedule unreachable(RenewalSchedule stored, Instant now) {
        int failures = stored.failedPolls() + 1;
        return new RenewalSchedule(
                stored.suggestion(),
                now.plus(limit(BackOff.RENEWAL_INFORMATION.delay(failures))),
                failures,
                stored.planned());
    }

    /** Returns how long to wait after a failed request: longer each time if the error may pass soon. */
    private static Duration delayAfter(AcmeException failure, int failures) {
        return switch (failure.kind()) {
            case UNREACHABLE, RATE_LIMITED -> {
                Duration delay = BackOff.RENEWAL_INFORMATION.delay(failures);
                yield limit(failure.retryAfter()
                        .filter(requested -> requested.compareTo(delay) > 0)
                        .orElse(delay));
            }
            case ACCOUNT_GONE,
                    NOT_FOUND,
                    REFUSED,
                    ALREADY_REPLACED,
                    INVALID_RESPONSE,
                    WRONG_CLOCK,
                    UNUSABLE_CERTIFICATE -> DEFAULT_INTERVAL;
        };
    }

    private static Duration limit(Duration interval) {
        if (interval.compareTo(MIN_INTERVAL) < 0) {
            return MIN_INTERVAL;
        }
        return interval.compareTo(MAX_INTERVAL) > 0 ? MAX_INTERVAL : interval;
    }
}
