package org.ringcert.renew;

import java.util.Optional;
import org.ringcert.store.CertificateVersion;

/** Looks whether visitors of this server get what was deployed. */
@FunctionalInterface
public interface ServedCheck {

    /**
     * Blocks for some seconds at most; an interrupt ends it soon, and is passed on. May be called from several threads
     * at a time.
     *
     * @return empty where the version is served, or where nothing on this server serves the site; else what is served
     *     instead, for the administrator
     */
    Optional<String> check(CertificateVersion version);
}
