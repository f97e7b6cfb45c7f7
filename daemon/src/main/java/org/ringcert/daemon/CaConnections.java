package org.ringcert.daemon;

import java.util.List;
import org.ringcert.acme.CertificateAuthority;

/**
 * Clients for the configured CAs.
 *
 * @param authorities in the order of the configuration
 */
public record CaConnections(List<CertificateAuthority> authorities) implements AutoCloseable {

    public CaConnections {
        authorities = List.copyOf(authorities);
    }

    /** Closes all connections. Calls in progress fail. */
    @Override
    public void close() {
        authorities.forEach(CertificateAuthority::close);
    }
}
