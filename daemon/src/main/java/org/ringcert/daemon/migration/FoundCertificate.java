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
 * @param site the names that it is, or is to be, for
 * @param folder where it lies
 * @param directory of the CA that is to renew it
 * @param account that ordered it, or is to order the next; empty where accounts are not taken over
 */
record FoundCertificate(
        Site site,
        Path folder,
        SourceFiles.Pair pair,
        URI directory,
        Optional<FoundAccount> account,
        FormerSettings habits) {

    X509Certificate leaf() {
        return pair.leaf();
    }

    Instant notBefore() {
        return leaf().getNotBefore().toInstant();
    }

    HostName name() {
        return site.name();
    }

    /** The same under another site's names. */
    FoundCertificate as(Site other) {
        return new FoundCertificate(other, folder, pair, directory, account, habits);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "certificate in " + folder;
    }
}
