package org.ringcert.renew;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateFacts;
import org.ringcert.store.FailedTest;
import org.ringcert.store.FailedTest.Consequence;
import org.ringcert.store.Progress;
import org.ringcert.store.RenewalSchedule;

/**
 * How long a certificate that clients would refuse holds up a renewal. A person has the time until then: of 90 days,
 * three weeks. Pure.
 */
public final class CanaryRule {

    /** A bad certificate of the canary holds up orders until one of this many parts of the lifetime is left. */
    private static final int ORDERED_AT = 12;

    /**
     * A bad certificate of this node is kept until one of this many parts of the lifetime of the present one is left:
     * then nearly nobody accepts the present one for much longer, and a timer still has a few runs to install the
     * other, even of 160 hours.
     */
    private static final int INSTALLED_AT = 48;

    private CanaryRule() {}

    /**
     * Returns whether a renewal waits for other nodes and for tests: there is a good certificate, so there is time.
     *
     * @param due when the site needs another certificate
     * @param mode of the pass that renews it
     */
    public static boolean applies(Due due, RenewalMode mode, RenewalSchedule schedule, Progress progress) {
        return switch (due) {
            case Due.Now(var _, var _, Due.Need need) ->
                switch (need) {
                    case RENEWAL -> true;
                    case RECALL -> hasWaitedSinceTheWindow(schedule, progress);
                    case REPLACEMENT -> false;
                };
            case Due.Later _ -> mode.isForced();
        };
    }

    /** A window that has passed during the wait is no recall. A recall is another window, after the wait has begun. */
    private static boolean hasWaitedSinceTheWindow(RenewalSchedule schedule, Progress progress) {
        return progress.failedTest()
                .filter(FailedTest::delaysThisNode)
                .flatMap(test -> schedule.suggestion()
                        .filter(window -> !test.since().isBefore(window.start())
                                && test.since().isBefore(window.end())))
                .isPresent();
    }

    /** Returns when a certificate is renewed whatever the canary presents. */
    public static Instant orderedAt(CertificateFacts present) {
        return CertificateDates.whenLeft(present, ORDERED_AT);
    }

    /** Returns when a certificate is replaced by a new one of this node even if clients would refuse that. */
    public static Instant installedAt(CertificateFacts present) {
        return CertificateDates.whenLeft(present, INSTALLED_AT);
    }

    /**
     * Returns the test for which an order waits; empty if it may be made.
     *
     * @param previous the last failed test of the certificate
     */
    public static Optional<FailedTest> beforeOrder(
            CertificateFacts present, CanarySight sight, Optional<FailedTest> previous, Instant now) {
        Instant until = orderedAt(present);
        return sight instanceof CanarySight.Bad(HostName canary, String reason) && now.isBefore(until)
                ? Optional.of(failed(canary, Consequence.ORDER_WAITS, reason, until, previous, now))
                : Optional.empty();
    }

    /** Returns the test for which an installation waits. */
    static FailedTest beforeInstallation(
            CertificateFacts present, HostName self, String reason, Optional<FailedTest> previous, Instant now) {
        return failed(self, Consequence.INSTALLATION_WAITS, reason, installedAt(present), previous, now);
    }

    /** Returns that the canary's own certificate has failed its test. */
    static FailedTest afterInstallation(
            CertificateFacts present, HostName self, String reason, Optional<FailedTest> previous, Instant now) {
        return failed(self, Consequence.OTHERS_WAIT, reason, orderedAt(present), previous, now);
    }

    private static FailedTest failed(
            HostName node,
            Consequence consequence,
            String reason,
            Instant until,
            Optional<FailedTest> previous,
            Instant now) {
        Instant since = previous.filter(test -> test.consequence() == consequence)
                .map(FailedTest::since)
                .orElse(now);
        return new FailedTest(node, consequence, since, now, now.plus(FailedTest.INTERVAL), until, reason);
    }

    /**
     * Returns the wait for the next test; empty if there is none, or it is time for it. For a pass that does not force
     * anything.
     */
    static Optional<RenewalWait> pendingWait(Due due, RenewalSchedule schedule, Progress progress, Instant now) {
        return progress.failedTest()
                .filter(test -> applies(due, RenewalMode.DUE_ONLY, schedule, progress) && test.isWaiting(now))
                .map(CanaryRule::waitFor);
    }

    static RenewalWait waitFor(FailedTest test) {
        return new RenewalWait(List.of(new RenewalWait.ForTest(test)), Optional.empty(), test.end());
    }
}
