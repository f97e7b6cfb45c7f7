package org.ringcert.renew;

import java.time.Instant;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;

/** What a pass did for a certificate, and how it stands after it. */
public sealed interface RenewalResult {

    CertificateName name();

    /** When the site needs attention again. */
    Instant next();

    /**
     * The site has a new certificate, and it is deployed.
     *
     * @param renewal when it is due for renewal
     */
    record Renewed(CertificateName name, CertificateVersion version, Instant renewal, Instant next)
            implements RenewalResult {}

    /**
     * The site has a new certificate, but its dates do not agree with this server's clock.
     *
     * @param reason a sentence without a full stop
     */
    record ImplausibleDates(CertificateName name, CertificateVersion version, String reason, Instant next)
            implements RenewalResult {}

    /**
     * The site's certificate is not due for renewal, and it is deployed.
     *
     * @param renewal when it is due
     */
    record NotDue(CertificateName name, Instant renewal, Instant next) implements RenewalResult {}

    /** The site's certificate could not be deployed. */
    record NotDeployed(CertificateName name, String reason, Instant next) implements RenewalResult {}

    /** The site's certificate was deployed, but visitors get another one. */
    record NotServed(CertificateName name, String reason, Instant next) implements RenewalResult {}

    /** Nothing was tried, because earlier attempts failed and the delay after them is not over. */
    record Waiting(CertificateName name, RenewalWait pendingWait) implements RenewalResult {

        @Override
        public Instant next() {
            return pendingWait.next();
        }
    }

    /**
     * Nothing was asked of the CA in this pass, because a look at the site said that the validation would fail.
     *
     * @param reason what the look saw and what to do, one or more sentences
     * @param next when the site is looked at again
     * @param orderAt when the order is made whatever a look says
     */
    record Postponed(CertificateName name, String reason, Instant next, Instant orderAt) implements RenewalResult {}

    /** The renewal failed in this pass. */
    record Failed(CertificateName name, String reason, Instant next) implements RenewalResult {}

    /**
     * A forced renewal failed in this pass. The site's certificate was not due, so nothing tries again before it is.
     */
    record ForcedRenewalFailed(CertificateName name, String reason, Instant next) implements RenewalResult {}

    /** Another thread or process is working on the site. */
    record Busy(CertificateName name, Instant next) implements RenewalResult {}

    /** The thread was interrupted. Nothing is lost; the next pass continues. */
    record Interrupted(CertificateName name, Instant next) implements RenewalResult {}
}
