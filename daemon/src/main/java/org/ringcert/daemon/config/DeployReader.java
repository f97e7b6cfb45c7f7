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
        Optional<List<String>> command = command(table, "deploy");
        name.ifPresent(site -> command.ifPresent(words -> siteCommands.put(site, words)));
    }

    /** Returns the settings; call it when all sites have been read. */
    DeploySettings settings(Optional<TableReader> table) {
        List<String> run = table.flatMap(deploy -> command(deploy, "run")).orElse(List.of());
        table.filter(deploy -> deploy.isEmptyArray("run"))
                .ifPresent(deploy -> deploy.mistake(
                        deploy.positionOf("run"), "`run` has no command; leave the key out to run nothing"));
        Optional<Located<Path>> socket =
                table.flatMap(deploy -> deploy.string("haproxy-socket", PathParser::parseAbsolute));
        return new DeploySettings(run, siteCommands, socket.map(Located::value));
    }

    private static Optional<List<String>> command(TableReader table, String key) {
        Optional<LocatedList<String>> words = table.strings(key, DeployReader::word);
        words.flatMap(list -> list.elements().stream().findFirst())
                .filter(program ->
                        program.value().contains("/") && !program.value().startsWith("/"))
                .ifPresent(program -> table.mistake(
                        program.at(),
                        "`" + key + "`, \"" + Findings.quoted(program.value())
                                + "\": write the program's absolute path, or its bare name if it is in the PATH"));
        return words.map(LocatedList::values);
    }

    private static String word(String written) {
        if (written.isEmpty() || written.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a word of a command must not be empty or contain NUL");
        }
        return written;
    }
}
