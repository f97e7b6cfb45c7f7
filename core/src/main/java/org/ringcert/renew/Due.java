package org.ringcert.renew;

import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.store.CertificateFacts;
import org.ringcert.store.Origin;
import org.ringcert.store.RenewalSchedule;

/** When a site needs another certificate. This is the only place that decides it. */
public sealed interface Due {

    /**
     * The site needs one now.
     *
     * @param reason why, as a clause: "its names have changed"
     * @param urgency whether the site can wait for the CA that it prefers
     * @param need what the new certificate is for
     */
    record Now(String reason, Urgency urgency, Need need) implements Due {

        /** The site has no good certificate. */
        Now(String reason, Urgency urgency) {
            this(reason, urgency, Need.REPLACEMENT);
        }
    }

    /** The site needs none before the given time. */
    record Later(Instant at) implements Due {}

    /** What a new certificate is for. */
    enum Need {
        /** The site has no valid certificate as the configuration wants it. */
        REPLACEMENT,
        /** Its CA wants the certificate replaced at once, because the window is over earlier than expected. */
        RECALL,
        /** The site has a good certificate, and the time to renew it has come. */
        RENEWAL
    }

    /** How urgently a site needs another certificate. */
    enum Urgency {
        /** The site has a good certificate, and enough of its lifetime is left. */
        CAN_WAIT,
        /** The site has no good certificate, or less than a sixth of its lifetime is left. */
        URGENT
    }

    /**
     * Compares the current certificate with the configuration, its dates and its CA's suggestion. A certificate of any
     * configured CA counts. It is due at its renewal time, and at once if this node has revoked it, or the
     * configuration has different names, or another profile or key type for its CA, or no longer has its CA. A unique
     * name that is new, different or gone makes no certificate due: its next renewal changes that free of limits.
     *
     * @param schedule what the CA suggests for the current certificate
     */
    static Due of(
            CertificateSpec spec, Optional<? extends CertificateFacts> current, RenewalSchedule schedule, Instant now) {
        if (current.isEmpty()) {
            return new Now("there is no certificate yet", Urgency.URGENT);
        }
        CertificateFacts version = current.get();
        return switch (version.origin()) {
            case Origin.SelfSigned() -> new Now("there is only a self-signed certificate so far", Urgency.URGENT);
            case Origin.IssuedByCa issued -> of(spec, version, issued, schedule, now);
        };
    }

    private static Due of(
            CertificateSpec spec,
            CertificateFacts version,
            Origin.IssuedByCa issued,
            RenewalSchedule schedule,
            Instant now) {
        if (version.revocation().isPresent()) {
            return new Now(CertificateDates.describe(version.revocation().get()), Urgency.URGENT);
        }
        if (!hasNamesOfSite(spec, version)) {
            return new Now("its names have changed", Urgency.URGENT);
        }
        Urgency urgency =
                CertificateDates.isRunningOut(version, now) || CertificateDates.isRecalled(version, schedule, now)
                        ? Urgency.URGENT
                        : Urgency.CAN_WAIT;
        Optional<CertificateSpec.Source> source = spec.source(issued.directory());
        if (source.isEmpty()) {
            return new Now("the CA has changed", urgency);
        }
        if (!issued.profile().equals(source.get().profile())) {
            return new Now("the profile has changed", urgency);
        }
        if (!version.keyType().equals(Optional.of(source.get().keyType()))) {
            return new Now("the key type has changed", urgency);
        }
        Instant renewal = CertificateDates.renewalTime(version, schedule);
        return now.isBefore(renewal)
                ? new Later(renewal)
                : new Now(CertificateDates.describeDue(version, schedule), urgency, need(version, schedule, now));
    }

    private static Need need(CertificateFacts version, RenewalSchedule schedule, Instant now) {
        if (now.isAfter(version.notAfter())) {
            return Need.REPLACEMENT;
        }
        return CertificateDates.isRecalled(version, schedule, now) ? Need.RECALL : Need.RENEWAL;
    }

    private static boolean hasNamesOfSite(CertificateSpec spec, CertificateFacts version) {
        Set<HostName> ordered = new HashSet<>(version.orderedNames());
        // All names of an imported certificate count as those of its site.
        spec.uniqueName().ifPresent(ordered::remove);
        return ordered.equals(Set.copyOf(spec.site().names()));
    }
}
