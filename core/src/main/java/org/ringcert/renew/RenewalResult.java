package org.ringcert.renew;

import java.time.Instant;
import org.ringcert.cluster.Site;
import org.ringcert.store.CertificateVersion;

/** What a pass did for a site, and how the site stands after it. */
public sealed interface RenewalResult {

    Site site();

    /** When the site needs attention again. */
    Instant next();

    /**
     * The site has a new certificate, and it is deployed.
     *
     * @param renewal when it is due for renewal
     */
    record Renewed(Site site, CertificateVersion version, Instant renewal, Instant next) implements RenewalResult {}

    /**
     * The site has a new certificate, but its dates do not agree with this server's clock.
     *
     * @param reason a sentence without a full stop
     */
    record ImplausibleDates(Site site, CertificateVersion version, String reason, Instant next)
            implements RenewalResult {}

    /**
     * The site's certificate is not due for renewal, and it is deployed.
     *
     * @param renewal when it is due
     */
    record NotDue(Site site, Instant renewal, Instant next) implements RenewalResult {}

    /** The site's certificate could not be deployed. */
    record NotDeployed(Site site, String reason, Instant next) implements RenewalResult {}

    /** The site's certificate was deployed, but visitors get another one. */
    record NotServed(Site site, String reason, Instant next) implements RenewalResult {}

    /** Nothing was tried, because earlier attempts failed and the delay after them is not over. */
    record Waiting(Site site, RenewalWait pendingWait) implements RenewalResult {

        @Override
        public Instant next() {
            return pendingWait.next();
        }
    }

    /** The renewal failed in this pass. */
    record Failed(Site site, String reason, Instant next) implements RenewalResult {}

    /**
     * A forced renewal failed in this pass. The site's certificate was not due, so nothing tries again before it is.
     */
    record ForcedRenewalFailed(Site site, String reason, Instant next) implements RenewalResult {}

    /** Another thread or process is working on the site. */
    record Busy(Site site, Instant next) implements RenewalResult {}

    /** The thread was interrupted. Nothing is lost; the next pass continues. */
    record Interrupted(Site site, Instant next) implements RenewalResult {}
}
