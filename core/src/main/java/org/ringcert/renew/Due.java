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

    /** At once, for that reason: half a sentence. */
    record Now(String reason) implements Due {}

    /** Not before that moment. */
    record Later(Instant at) implements Due {}

    /**
     * What is wanted held against what is there. A certificate is renewed when a third of its lifetime is left; at once
     * where it is for other names, from another CA, of another profile or has another kind of key than the
     * configuration says.
     *
     * @param directory the CA's directory
     */
    static Due of(CertificateSpec spec, URI directory, Optional<CertificateVersion> current, Instant now) {
        if (current.isEmpty()) {
            return new Now("there is no certificate yet");
        }
        CertificateVersion version = current.get();
        return switch (version.origin()) {
            case Origin.SelfSigned() -> new Now("there is only a self-signed certificate yet");
            case Origin.Issued issued -> of(spec, directory, version, issued, now);
        };
    }

    private static Due of(
            CertificateSpec spec, URI directory, CertificateVersion version, Origin.Issued issued, Instant now) {
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
            return new Now("the kind of key has changed");
        }
        Instant renewal = CertificateDates.renewal(version);
        return now.isBefore(renewal) ? new Later(renewal) : new Now("a third of its lifetime is left");
    }
}
