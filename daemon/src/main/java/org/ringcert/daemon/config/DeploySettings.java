package org.ringcert.daemon.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;

/**
 * What is done on this server after new certificates. Immutable.
 *
 * @param run the command with its arguments, run once for all sites that have none of their own; empty for none
 * @param ofSites the commands of sites that have one of their own, by the site's name; an empty one for none
 * @param haproxySocket the socket of HAProxy's runtime API, absolute
 */
public record DeploySettings(List<String> run, Map<HostName, List<String>> ofSites, Optional<Path> haproxySocket) {

    public DeploySettings {
        run = List.copyOf(run);
        ofSites = Map.copyOf(ofSites);
    }
}
