package org.ringcert.daemon.deploy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ringcert.renew.Deployer;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;

/**
 * Runs several deployers one after the other. If one of them fails for a certificate, all of them run for it again
 * later.
 */
public record DeployerChain(List<Deployer> deployers) implements Deployer {

    public DeployerChain {
        deployers = List.copyOf(deployers);
    }

    @Override
    public Map<CertificateName, String> deploy(List<CertificateVersion> versions) {
        Map<CertificateName, String> failures = new HashMap<>();
        for (Deployer deployer : deployers) {
            deployer.deploy(versions)
                    .forEach((name, failure) ->
                            failures.merge(name, failure, (previous, next) -> previous + " " + next));
        }
        return failures;
    }
}
