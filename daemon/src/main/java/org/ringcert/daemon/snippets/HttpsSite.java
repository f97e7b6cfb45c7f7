package org.ringcert.daemon.snippets;

import java.util.List;
import org.ringcert.cluster.Site;
import org.ringcert.store.CertificateName;

/**
 * A site that a web server serves by https. Immutable.
 *
 * @param site its names
 * @param certificates its certificates, with different kinds of keys; at least one
 */
public record HttpsSite(Site site, List<CertificateName> certificates) {

    public HttpsSite {
        certificates = List.copyOf(certificates);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("https needs a certificate");
        }
    }

    boolean hasTwoKinds() {
        return certificates.size() > 1;
    }
}
