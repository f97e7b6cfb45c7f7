package org.ringcert.daemon.migration;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.ringcert.cluster.Site;
import org.ringcert.store.CertificateName;

/**
 * A certificate that is taken over. Immutable.
 *
 * @param name its name in the store
 * @param directory URL of the directory of the CA that issued it, as the other program has it
 * @param profile the CA's profile that the other program asked for
 */
public record ImportedCertificate(
        Site site, CertificateName name, X509Certificate certificate, URI directory, Optional<String> profile) {}
