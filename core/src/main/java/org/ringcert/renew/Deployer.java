package org.ringcert.renew;

import java.util.List;
import java.util.Map;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateVersion;

/** Tells this server of new certificates. */
@FunctionalInterface
public interface Deployer {

    /**
     * Blocks until it is done; an interrupt ends it soon, and is passed on. May be called from several threads at a
     * time.
     *
     * @param versions what is installed, at least one, no site twice
     * @return for each site that the server could not be told of: how it failed, for the administrator
     */
    Map<HostName, String> deploy(List<CertificateVersion> versions);
}
