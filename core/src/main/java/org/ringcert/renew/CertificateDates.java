package org.ringcert.renew;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.ringcert.store.CertificateVersion;

/** When a certificate is renewed, by its dates, and whether its dates agree with this server's clock. */
public final class CertificateDates {

    /** A clock that is behind by no more than this does no harm to renewals. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofHours(1);

    /** The longest delay before a renewal counts as overdue. Timers run twice a day. */
    private static final Duration MAX_GRACE = Duration.ofDays(2);

    private CertificateDates() {}

    /** Returns when the certificate is due for renewal: when a third of its lifetime is left. */
    static Instant renewalTime(CertificateVersion version) {
        return version.notAfter().minus(version.lifetime().dividedBy(3)).truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * Returns when the certificate became due for renewal, if that is so long ago that apparently nothing renews it:
     * two days, or a quarter of the time between renewal and expiry if that is less.
     */
    public static Optional<Instant> overdueSince(CertificateVersion version, Instant now) {
        Duration quarterOfRest = version.lifetime().dividedBy(12);
        Duration grace = quarterOfRest.compareTo(MAX_GRACE) < 0 ? quarterOfRest : MAX_GRACE;
        return Optional.of(renewalTime(version)).filter(renewal -> now.isAfter(renewal.plus(grace)));
    }

    /** Describes the problem if the certificate only becomes valid in the future. A sentence without a full stop. */
    public static Optional<String> describeNotYetValid(CertificateVersion version, Instant now) {
        return version.notBefore().isAfter(now.plus(CLOCK_TOLERANCE))
                ? Optional.of("its certificate is not valid before " + version.notBefore() + ", and " + clockSays(now))
                : Optional.empty();
    }

    /** Describes a certificate that is due for renewal when it is issued. A sentence without a full stop. */
    static String describeDueWhenIssued(CertificateVersion version, Instant now) {
        return "the certificate that the CA has just issued is already due for renewal: it is valid from "
                + version.notBefore() + " to " + version.notAfter() + ", and " + clockSays(now);
    }

    private static String clockSays(Instant now) {
        return "this server's clock says " + now.truncatedTo(ChronoUnit.SECONDS)
                + "; either the clock or the CA's dates are wrong. Check the clock with timedatectl, and set it if needed";
    }
}
