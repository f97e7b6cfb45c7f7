package org.ringcert.daemon.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ringcert.store.FileOwner;

/** Finds out before a command is needed whether its program can be run. */
public final class ProgramFile {

    private ProgramFile() {}

    /**
     * Returns why a program cannot be run, half a sentence that begins with its name. Empty if it can, or if nothing is
     * known to the contrary: the groups of a user other than root are not looked up.
     *
     * @param program an absolute path, or a name that is searched in {@code path}
     * @param path the directories to search, separated by colons
     * @param owned belongs to the user who runs it
     */
    public static Optional<String> problem(String program, String path, Path owned) {
        List<Path> candidates = program.startsWith("/")
                ? List.of(Path.of(program))
                : Arrays.stream(path.split(":", -1))
                        .filter(directory -> directory.startsWith("/"))
                        .map(directory -> Path.of(directory, program))
                        .toList();
        Optional<Path> file = candidates.stream().filter(Files::isRegularFile).findFirst();
        if (file.isEmpty()) {
            return Optional.of(
                    program + (program.startsWith("/") ? " does not exist" : " is in no directory of the PATH"));
        }
        try {
            return mayRun(file.get(), FileOwner.of(owned))
                    ? Optional.empty()
                    : Optional.of(file.get() + " is not executable for "
                            + FileOwner.of(owned).name());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    private static boolean mayRun(Path file, FileOwner user) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        FileOwner owner = FileOwner.of(file);
        if (user.isRoot()) {
            return permissions.stream().anyMatch(permission -> permission.name().endsWith("_EXECUTE"));
        }
        if (owner.uid() == user.uid()) {
            return permissions.contains(PosixFilePermission.OWNER_EXECUTE);
        }
        return permissions.contains(PosixFilePermission.OTHERS_EXECUTE)
                || permissions.contains(PosixFilePermission.GROUP_EXECUTE);
    }
}
