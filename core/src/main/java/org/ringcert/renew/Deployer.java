package org.ringcert.renew;

import java.util.Optional;
import org.ringcert.store.Version;

/** Tells this server of a new certificate. */
@FunctionalInterface
public interface Deployer {

    /**
     * Blocks until it is done. May be called from several threads at a time.
     *
     * @return empty where it succeeded; else how it failed, for the administrator
     */
    Optional<String> deploy(Version version);
}
