package org.ringcert.daemon.check;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.daemon.process.ProgramFile;

/** The program of {@code [alert]}: it exists, and the owner of the store may run it. Nothing without such a command. */
final class AlertCommandCheck implements Check {

    private static final String SUBJECT = "[alert]";

    private final CheckScope scope;
    private final String searchPath;

    /** @param searchPath the directories where a program without a directory is searched, separated by colons */
    AlertCommandCheck(CheckScope scope, String searchPath) {
        this.scope = scope;
        this.searchPath = searchPath;
    }

    @Override
    public List<CheckFinding> look() {
        List<String> command = scope.configuration().alert().run();
        Path store = scope.configuration().store();
        if (command.isEmpty() || !Files.exists(store)) {
            return List.of();
        }
        Optional<String> problem = ProgramFile.problem(command.getFirst(), searchPath, store);
        return List.of(problem.map(text -> CheckFinding.warning(
                        Topic.CONFIGURATION,
                        SUBJECT,
                        text + ", so nobody would be told of a problem",
                        "Install the program on this server and make it executable, or correct `run` in [alert]."))
                .orElseGet(() -> CheckFinding.ok(
                        Topic.CONFIGURATION, SUBJECT, "its program, " + command.getFirst() + ", can be run")));
    }
}
