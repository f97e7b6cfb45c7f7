package org.ringcert.daemon.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;

/**
 * What to do on this server after new certificates have been installed. Immutable.
 *
 * @param run the command and its arguments, run once for all sites without a command of their own; empty for none
 * @param siteCommands the commands of single sites, by the site's name; an empty command runs nothing for that site
 * @param haproxySocket the socket of HAProxy's runtime API; absolute
 */
public record DeploySettings(List<String> run, Map<HostName, List<String>> siteCommands, Optional<Path> haproxySocket) {

    public DeploySettings {
        run = List.copyOf(run);
        siteCommands = Map.copyOf(siteCommands);
    }
}
