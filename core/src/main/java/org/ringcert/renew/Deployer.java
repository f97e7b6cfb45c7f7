package org.ringcert.renew;

import java.util.List;
import java.util.Map;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;

/** Makes this server's programs use new certificates, for example by reloading a web server. */
@FunctionalInterface
public interface Deployer {

    /**
     * Deploys the versions. Blocks until it is done; an interrupt ends it soon and is preserved. May be called by
     * several threads at the same time.
     *
     * @param versions installed versions: at least one, and at most one of each certificate
     * @return how it failed, for each certificate where it did, in words for the administrator
     */
    Map<CertificateName, String> deploy(List<CertificateVersion> versions);
}
