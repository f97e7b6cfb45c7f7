package org.ringcert.renew;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;

/** When a site needs another certificate. */
public sealed interface Due {

    /**
     * The site needs one now.
     *
     * @param reason why, as a clause: "its names have changed"
     */
    record Now(String reason) implements Due {}

    /** The site needs none before the given time. */
    record Later(Instant at) implements Due {}

    /**
     * Compares the current certificate with the configuration. A certificate is due when a third of its lifetime is
     * left. It is due at once if the configuration has different names, or another CA, profile or key type.
     *
     * @param directory the URL of the configured CA's directory
     */
    static Due of(CertificateSpec spec, URI directory, Optional<CertificateVersion> current, Instant now) {
        if (current.isEmpty()) {
            return new Now("there is no certificate yet");
        }
        CertificateVersion version = current.get();
        return switch (version.origin()) {
            case Origin.SelfSigned() -> new Now("there is only a self-signed certificate so far");
            case Origin.IssuedByCa issued -> of(spec, directory, version, issued, now);
        };
    }

    private static Due of(
            CertificateSpec spec, URI directory, CertificateVersion version, Origin.IssuedByCa issued, Instant now) {
        if (!Set.copyOf(version.names()).equals(Set.copyOf(spec.site().names()))) {
            return new Now("its names have changed");
        }
        if (!issued.directory().equals(directory)) {
            return new Now("the CA has changed");
        }
        if (!issued.profile().equals(spec.profile())) {
            return new Now("the profile has changed");
        }
        if (!version.keyType().equals(Optional.of(spec.keyType()))) {
            return new Now("the key type has changed");
        }
        Instant renewal = CertificateDates.renewalTime(version);
        return now.isBefore(renewal) ? new Later(renewal) : new Now("a third of its lifetime is left");
    }
}
