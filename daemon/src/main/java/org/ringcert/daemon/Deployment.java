package org.ringcert.daemon;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.DeploySettings;
import org.ringcert.daemon.config.Endpoint;
import org.ringcert.daemon.deploy.DeployCommand;
import org.ringcert.daemon.deploy.DeployerChain;
import org.ringcert.daemon.deploy.HaproxyDeployer;
import org.ringcert.daemon.deploy.HttpsServedCheck;
import org.ringcert.daemon.process.CommandRunner;
import org.ringcert.http.HostResolver;
import org.ringcert.renew.Deployer;
import org.ringcert.renew.ServedCheck;
import org.ringcert.store.Store;

/** What a node does with an installed certificate, as its configuration says. */
final class Deployment {

    private Deployment() {}

    static Deployer deployer(Configuration configuration, Store store) {
        DeploySettings deploy = configuration.deploy();
        Path certificates = store.certificates();
        Deployer commands =
                new DeployCommand(deploy.run(), deploy.siteCommands(), certificates, CommandRunner.TIME_LIMIT);
        return deploy.haproxySocket()
                .<Deployer>map(
                        socket -> new DeployerChain(List.of(new HaproxyDeployer(socket, certificates), commands)))
                .orElse(commands);
    }

    static ServedCheck servedCheck(Configuration configuration, HostName self, HostResolver resolver) {
        Endpoint https = configuration.node(self).https();
        return new HttpsServedCheck(
                https.host(),
                https.port(),
                sitesWithTwoKinds(configuration),
                resolver,
                HttpsServedCheck.RELOAD_TIMEOUT);
    }

    /** Returns the sites that have a certificate with each of two kinds of keys. */
    private static Set<HostName> sitesWithTwoKinds(Configuration configuration) {
        return configuration.sites().stream()
                .filter(site -> configuration.certificates(site).size() > 1)
                .map(Site::name)
                .collect(Collectors.toSet());
    }
}
