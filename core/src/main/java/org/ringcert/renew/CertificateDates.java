package org.ringcert.renew;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.ringcert.store.CertificateVersion;

/** What the dates of a certificate mean for its renewal, and whether they go together with a clock. */
public final class CertificateDates {

    /** A clock that is behind by no more does no renewal any harm. */
    private static final Duration HARMLESS = Duration.ofHours(1);

    /** A renewal that nothing comes of is overdue after this long at the latest: timers run twice a day. */
    private static final Duration OVERDUE = Duration.ofDays(2);

    private CertificateDates() {}

    /** When the certificate is to be renewed: a third of its lifetime is left. */
    static Instant renewal(CertificateVersion version) {
        return version.notAfter().minus(version.lifetime().dividedBy(3)).truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * Since when the certificate should have been renewed, where that is so long ago that nobody seems to be at work on
     * it.
     */
    public static Optional<Instant> overdueSince(CertificateVersion version, Instant now) {
        Duration quarterOfTheRest = version.lifetime().dividedBy(12);
        Duration grace = quarterOfTheRest.compareTo(OVERDUE) < 0 ? quarterOfTheRest : OVERDUE;
        return Optional.of(renewal(version)).filter(renewal -> now.isAfter(renewal.plus(grace)));
    }

    /** What is wrong, where the certificate begins later than now: a sentence. */
    public static Optional<String> notYetValid(CertificateVersion version, Instant now) {
        return version.notBefore().isAfter(now.plus(HARMLESS))
                ? Optional.of("its certificate is not valid before " + version.notBefore() + ", and " + clockSays(now))
                : Optional.empty();
    }

    /** What is wrong with a certificate that is due in the moment it is issued: a sentence. */
    static String dueAtOnce(CertificateVersion version, Instant now) {
        return "the certificate that the CA has just issued is due for renewal already: it is valid from "
                + version.notBefore() + " to " + version.notAfter() + ", and " + clockSays(now);
    }

    private static String clockSays(Instant now) {
        return "this server's clock says " + now.truncatedTo(ChronoUnit.SECONDS)
                + "; the clock or the CA's dates cannot be right: see whether the clock is (timedatectl), and set it";
    }
}
