package org.ringcert.acme;

import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;

/**
 * The content of a newOrder request (RFC 8555, section 7.4). Immutable.
 *
 * @param names the host names of the certificate
 * @param profile one of the CA's profiles (draft-ietf-acme-profiles); empty for the CA's default
 * @param replaces the certificate that the new one is to replace (RFC 9773, section 5). It is sent only to a CA that
 *     offers renewal information.
 */
public record NewOrder(List<HostName> names, Optional<String> profile, Optional<CertificateId> replaces) {

    public NewOrder {
        names = List.copyOf(names);
    }
}
