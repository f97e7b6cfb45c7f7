package org.ringcert.daemon.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;

/** Reads {@code [deploy]}, and the deploy commands of single sites. Used once. */
final class DeployReader {

    private final Map<HostName, List<String>> siteCommands = new HashMap<>();

    /** Reads the key {@code deploy} of a site's table. A mistake in it is reported even if the site has no name. */
    void readSite(Optional<HostName> name, TableReader table) {
        Optional<List<String>> command = CommandWords.read(table, "deploy");
        name.ifPresent(site -> command.ifPresent(words -> siteCommands.put(site, words)));
    }

    /** Returns the settings; call it when all sites have been read. */
    DeploySettings settings(Optional<TableReader> table) {
        List<String> run = CommandWords.readRun(table);
        Optional<Located<Path>> socket =
                table.flatMap(deploy -> deploy.string("haproxy-socket", PathParser::parseAbsolute));
        return new DeploySettings(run, siteCommands, socket.map(Located::value));
    }
}
