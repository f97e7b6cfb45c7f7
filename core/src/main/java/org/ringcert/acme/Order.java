package org.ringcert.acme;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;

/**
 * An order as the CA showed it (RFC 8555, section 7.1.3). Immutable.
 *
 * @param url where it is asked for
 * @param error why it is invalid, where the CA says so
 * @param certificate where the chain is, once valid
 */
public record Order(
        URI url,
        Status status,
        List<HostName> names,
        List<URI> authorizations,
        URI finalizeUrl,
        Optional<URI> certificate,
        Optional<Problem> error) {

    /** RFC 8555, section 7.1.6. */
    public enum Status {
        PENDING,
        READY,
        PROCESSING,
        VALID,
        INVALID
    }

    public Order {
        names = List.copyOf(names);
        authorizations = List.copyOf(authorizations);
    }
}
