package org.ringcert.renew;

import java.util.Optional;
import org.ringcert.store.CertificateVersion;

/** Checks that visitors of this server get the certificate that was deployed. */
@FunctionalInterface
public interface ServedCheck {

    /**
     * Checks one version. Blocks for a few seconds at most; an interrupt ends it soon and is preserved. May be called
     * by several threads at the same time.
     *
     * @return what is served instead, in words for the administrator; empty if the version is served, or if nothing on
     *     this server serves the site
     */
    Optional<String> check(CertificateVersion version);
}
