package org.ringcert.daemon.migration;

import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;

/**
 * A current certificate of the other program. Immutable.
 *
 * @param site the site that it will be stored for
 * @param folder where its files are
 * @param directory URL of the directory of the CA that is to renew it
 * @param account the account that ordered it or will order the next one; empty if accounts are not taken over
 */
record FoundCertificate(
        Site site,
        Path folder,
        CertifiedKey certifiedKey,
        URI directory,
        Optional<FoundAccount> account,
        FormerSettings formerSettings) {

    X509Certificate leaf() {
        return certifiedKey.leaf();
    }

    Instant notBefore() {
        return leaf().getNotBefore().toInstant();
    }

    /** Returns the name of its site. */
    HostName name() {
        return site.name();
    }

    FoundCertificate withSite(Site other) {
        return new FoundCertificate(other, folder, certifiedKey, directory, account, formerSettings);
    }

    /** Does not show the key. */
    @Override
    public String toString() {
        return "certificate in " + folder;
    }
}
