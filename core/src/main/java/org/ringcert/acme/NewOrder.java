package org.ringcert.acme;

import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;

/**
 * What is ordered (RFC 8555, section 7.4). Immutable.
 *
 * @param names the names of the certificate
 * @param profile the CA's profile (draft-ietf-acme-profiles), or empty for the CA's default
 */
public record NewOrder(List<HostName> names, Optional<String> profile) {

    public NewOrder {
        names = List.copyOf(names);
    }
}
