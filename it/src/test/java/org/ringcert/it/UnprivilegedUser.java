package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ringcert.demo.ChildProcess;

/** Runs Java programs as the user {@code nobody}. */
public final class UnprivilegedUser {

    private static final int ID = 65_534;

    private UnprivilegedUser() {}

    /**
     * Runs a command line that starts with {@code java} and its options.
     *
     * @param folder a directory that every user can read; the class path is copied to it
     */
    public static CommandResult run(List<String> java, Path folder) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("setpriv", "--reuid=" + ID, "--regid=" + ID, "--clear-groups", "--no-new-privs", "--"));
        command.addAll(java);
        int classPath = command.indexOf("-cp") + 1;
        command.set(classPath, copyForAll(command.get(classPath), folder));
        try (ChildProcess process =
                ChildProcess.start("nobody", command, Map.of(), Files.createTempFile(folder, "output", ""))) {
            int status = process.awaitExit(Testbed.TIMEOUT);
            return new CommandResult(status, process.output());
        }
    }

    /** Copies the class path, because other users may not be able to read it where it is. */
    private static String copyForAll(String classPath, Path folder) throws Exception {
        Path copies = Files.createDirectories(folder.resolve("classes"));
        List<String> entries = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            Path copy = copies.resolve(
                    String.valueOf(entries.size()) + "-" + Path.of(entry).getFileName());
            if (Files.exists(Path.of(entry)) && !Files.exists(copy)) {
                Process copying = new ProcessBuilder("cp", "-rL", entry, copy.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                assertThat(copying.waitFor()).isZero();
            }
            entries.add(copy.toString());
        }
        assertThat(new ProcessBuilder("chmod", "-R", "a+rX", copies.toString())
                        .start()
                        .waitFor())
                .isZero();
        return String.join(File.pathSeparator, entries);
    }
}
