package org.ringcert.daemon.migration;

import org.ringcert.store.CertificateName;

/**
 * A certificate that is taken over, and its name in the store. Immutable.
 *
 * @param name that of the site's first or second certificate
 */
record NamedCertificate(CertificateName name, FoundCertificate found) {}
