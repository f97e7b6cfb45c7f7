package org.ringcert.daemon;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.ringcert.acme.AcmeClient;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.Configuration;

/**
 * Clients for the configured CAs.
 *
 * @param authorities in the order of the configuration
 */
public record CaConnections(List<CertificateAuthority> authorities) implements AutoCloseable {

    public CaConnections {
        authorities = List.copyOf(authorities);
    }

    /** Returns clients for the CAs of a configuration. They send nothing until they are used. */
    static CaConnections of(Configuration configuration, Clock clock) {
        return new CaConnections(configuration.authorities().stream()
                .map(ca -> connect(ca.directory(), ca.trustedRoots(), clock))
                .toList());
    }

    /**
     * Returns a client for one CA. If the CA is not in the configuration, its https is verified against the
     * certificates that the system trusts.
     */
    static CertificateAuthority connect(Configuration configuration, URI directory, Clock clock) {
        Optional<List<X509Certificate>> trustedRoots = configuration.authorities().stream()
                .filter(ca -> ca.directory().equals(directory))
                .findFirst()
                .flatMap(AcmeSettings::trustedRoots);
        return connect(directory, trustedRoots, clock);
    }

    private static CertificateAuthority connect(
            URI directory, Optional<List<X509Certificate>> trustedRoots, Clock clock) {
        return AcmeClient.create(directory, trustedRoots, BuildVersion.CURRENT, clock);
    }

    /** Closes all connections. Calls in progress fail. */
    @Override
    public void close() {
        authorities.forEach(CertificateAuthority::close);
    }
}
