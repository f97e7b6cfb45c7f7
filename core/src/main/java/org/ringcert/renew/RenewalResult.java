package org.ringcert.renew;

import java.time.Instant;
import org.ringcert.cluster.Site;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Progress;

/** What a pass did for a site. */
public sealed interface RenewalResult {

    Site site();

    /** When to look at the site again. */
    Instant next();

    /** It has a new certificate, and the server knows. */
    record Renewed(Site site, CertificateVersion version, Instant next) implements RenewalResult {}

    /** It has a new certificate, but this server's clock and the certificate's dates cannot both be right. */
    record ImplausibleDates(Site site, CertificateVersion version, String reason, Instant next)
            implements RenewalResult {}

    /** Its certificate is good, and the server knows. */
    record NotDue(Site site, Instant next) implements RenewalResult {}

    /** It has a certificate that the server could not be told of. */
    record NotDeployed(Site site, String reason, Instant next) implements RenewalResult {}

    /** It has a certificate that the server was told of, and visitors get another. */
    record NotServed(Site site, String reason, Instant next) implements RenewalResult {}

    /** It failed lately, and is left alone for now. */
    record Waiting(Site site, Progress.Failure failure, Instant next) implements RenewalResult {}

    /** It failed now. */
    record Failed(Site site, String reason, Instant next) implements RenewalResult {}

    /**
     * It failed now, and was only tried because that was asked for: its certificate is good, and nothing tries again
     * before it is due.
     */
    record ForcedRenewalFailed(Site site, String reason, Instant next) implements RenewalResult {}

    /** Another thread or process is at work on it. */
    record Busy(Site site, Instant next) implements RenewalResult {}

    /** The thread was interrupted; nothing is lost. */
    record Interrupted(Site site, Instant next) implements RenewalResult {}
}
