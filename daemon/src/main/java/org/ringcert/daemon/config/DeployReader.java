package org.ringcert.daemon.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;

/** Reads {@code [deploy]}, and what sites say of their own about it. */
final class DeployReader {

    private final Map<HostName, List<String>> ofSites = new HashMap<>();

    /** The key {@code deploy} of a site's table. */
    void site(Optional<HostName> name, TableReader table) {
        Optional<List<String>> own = command(table, "deploy");
        name.ifPresent(site -> own.ifPresent(command -> ofSites.put(site, command)));
    }

    /** What the file says, once all sites are read. */
    DeploySettings settings(Optional<TableReader> table) {
        List<String> run = table.flatMap(deploy -> command(deploy, "run")).orElse(List.of());
        if (run.isEmpty() && table.isPresent() && table.get().isEmptyArray("run")) {
            table.get()
                    .mistakes()
                    .add(table.get().at("run"), "`run` has no command; leave the key out where nothing is to be run");
        }
        Optional<Located<Path>> socket =
                table.flatMap(deploy -> deploy.string("haproxy-socket", ConfigurationReader::absolute));
        return new DeploySettings(run, ofSites, socket.map(Located::value));
    }

    private static Optional<List<String>> command(TableReader table, String key) {
        return table.strings(key, DeployReader::argument).map(words -> {
            List<String> command = words.value().stream().map(Located::value).toList();
            String program = command.isEmpty() ? "" : command.getFirst();
            if (program.contains("/") && !program.startsWith("/")) {
                table.mistakes()
                        .add(
                                words.value().getFirst().at(),
                                "`" + key + "`, \"" + Findings.quoted(program)
                                        + "\": write the program's absolute path, or its bare name where it is in the PATH");
            }
            return command;
        });
    }

    private static String argument(String written) {
        if (written.isEmpty() || written.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a part of a command cannot be empty or have NUL in it");
        }
        return written;
    }
}
