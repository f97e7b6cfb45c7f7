package org.ringcert.renew;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.RenewalInfo;
import org.ringcert.issue.CertificateSpec;
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

    private final Store store;
    private final InstantSource clock;
    private final CanaryView canaries;
    private final OrderTurns turns;
    private final CaAnswers answers;

    RenewalSchedules(Store store, InstantSource clock, CanaryView canaries, OrderTurns turns, CaAnswers answers) {
        this.store = store;
        this.clock = clock;
        this.canaries = canaries;
        this.turns = turns;
        this.answers = answers;
    }

    /**
     * Returns the schedule of a version, after asking its CA if it is time to. A failed request changes nothing but the
     * time of the next one.
     *
     * @throws StoreException if what the CA said cannot be saved
     */
    RenewalSchedule refresh(CertificateVersion version, CertificateSpec spec, Issuer issuer) throws StoreException {
        RenewalSchedule stored = store.renewalSchedule(version);
        Instant now = clock.instant();
        if (!ScheduleAfterPoll.isDue(version, stored, now)) {
            return stored;
        }
        RenewalSchedule current = poll(version, spec, issuer, stored, now);
        if (!Thread.currentThread().isInterrupted()) {
            store.saveRenewalSchedule(version, current);
        }
        return current;
    }

    /** Returns whether {@link #refresh} would ask the CA. */
    boolean isTimeToAsk(CertificateVersion version) {
        return ScheduleAfterPoll.isDue(version, store.renewalSchedule(version), clock.instant());
    }

    private RenewalSchedule poll(
            CertificateVersion version, CertificateSpec spec, Issuer issuer, RenewalSchedule stored, Instant now) {
        try {
            Optional<RenewalInfo> info = issuer.renewalInfo(version);
            info.ifPresent(_ -> answers.add(issuer.directory(), clock.instant()));
            return info.map(answer -> scheduleFrom(version, spec, answer, stored, now))
                    .orElseGet(() -> ScheduleAfterPoll.notOffered(
                            version,
                            stored,
                            turns.share(spec, issuer.directory()),
                            () -> previouslyPlanned(version),
                            now));
        } catch (AcmeException e) {
            log.info("{}: the CA did not say when to renew: {}", version.name(), e.getMessage());
            return ScheduleAfterPoll.failed(stored, e, now);
        } catch (RuntimeException e) {
            // Nothing that a CA says here may prevent the renewal itself.
            log.error("{}: a bug in Ringcert", version.name(), e);
            return new RenewalSchedule(
                    stored.suggestion(),
                    now.plus(ScheduleAfterPoll.DEFAULT_INTERVAL),
                    stored.failedPolls() + 1,
                    stored.planned());
        }
    }

    /** Returns the time that was planned for the version before this one. */
    private Optional<Instant> previouslyPlanned(CertificateVersion version) {
        try {
            return store.versions(version.name()).stream()
                    .dropWhile(newer -> !newer.directory().equals(version.directory()))
                    .skip(1)
                    .findFirst()
                    .flatMap(previous -> store.renewalSchedule(previous).planned());
        } catch (StoreException e) {
            log.debug("{}: its earlier versions cannot be read", version.name(), e);
            return Optional.empty();
        }
    }

    private RenewalSchedule scheduleFrom(
            CertificateVersion version, CertificateSpec spec, RenewalInfo info, RenewalSchedule stored, Instant now) {
        RenewalSchedule schedule = ScheduleAfterPoll.answered(stored, info, () -> canaries.place(spec), now);
        RenewalSchedule.Suggestion suggestion = schedule.suggestion().orElseThrow();
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
}
