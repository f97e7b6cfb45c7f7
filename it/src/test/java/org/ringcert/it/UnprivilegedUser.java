package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ringcert.demo.ChildProcess;

/** Runs programs in Java as a user who has no rights. */
final class UnprivilegedUser {

    private static final int ID = 65_534;

    private UnprivilegedUser() {}

    /** How it ended, and all that it said. */
    record Ran(int status, String said) {}

    /** @param folder that everybody may look into; gets copies of the class path */
    static Ran run(List<String> java, Path folder) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("setpriv", "--reuid=" + ID, "--regid=" + ID, "--clear-groups", "--no-new-privs", "--"));
        command.addAll(java);
        int at = command.indexOf("-cp") + 1;
        command.set(at, readableByAll(command.get(at), folder));
        try (ChildProcess process =
                ChildProcess.start("nobody", command, Map.of(), Files.createTempFile(folder, "said", ""))) {
            int status = process.awaitExit(Testbed.TIMEOUT);
            return new Ran(status, process.output());
        }
    }

    /** Whoever builds has the class path where others may not read. */
    private static String readableByAll(String classPath, Path folder) throws Exception {
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
