package org.ringcert.daemon.check;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.daemon.process.ProgramFile;

/**
 * The program of a command that runs seldom, so that a mistake would go unnoticed: it exists, and the owner of the
 * store may run it. Nothing without such a command.
 */
final class CommandCheck implements Check {

    private final CheckScope scope;
    private final String subject;
    private final List<String> command;
    private final String consequence;
    private final String searchPath;

    private CommandCheck(
            CheckScope scope, String subject, List<String> command, String consequence, String searchPath) {
        this.scope = scope;
        this.subject = subject;
        this.command = command;
        this.consequence = consequence;
        this.searchPath = searchPath;
    }

    /**
     * Returns the check of {@code run} in {@code [alert]}.
     *
     * @param searchPath the directories where a program without a directory is searched, separated by colons
     */
    static CommandCheck ofAlerts(CheckScope scope, String searchPath) {
        return new CommandCheck(
                scope,
                "`run` in [alert]",
                scope.configuration().alert().run(),
                "nobody would be told of a problem",
                searchPath);
    }

    /**
     * Returns the check of {@code canary} in {@code [check]}.
     *
     * @param searchPath as in {@link #ofAlerts}
     */
    static CommandCheck ofCanary(CheckScope scope, String searchPath) {
        return new CommandCheck(
                scope,
                "`canary` in [check]",
                scope.configuration().check().canary(),
                "renewed certificates are tested without it",
                searchPath);
    }

    @Override
    public List<CheckFinding> look() {
        Path store = scope.configuration().store();
        if (command.isEmpty() || !Files.exists(store)) {
            return List.of();
        }
        String table = subject.substring(subject.indexOf('['));
        Optional<String> problem = ProgramFile.problem(command.getFirst(), searchPath, store);
        return List.of(problem.map(text -> CheckFinding.warning(
                        Topic.CONFIGURATION,
                        table,
                        text + ", so " + consequence,
                        "Install the program on this server and make it executable, or correct " + subject + "."))
                .orElseGet(() -> CheckFinding.ok(
                        Topic.CONFIGURATION, table, "its program, " + command.getFirst() + ", can be run")));
    }
}
