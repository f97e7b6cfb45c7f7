package org.ringcert.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Fetches Debian packages without installing them: the system stays as it is, no service starts, root is not needed.
 */
final class DebianPackage {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private DebianPackage() {}

    /**
     * Fetches a package from the package sources of this machine and unpacks it. Ignores its dependencies.
     *
     * @param into the folder to unpack into
     * @throws IOException if the package cannot be fetched or unpacked; the message has the last lines of output of the
     *     program that failed
     */
    static void unpack(String name, Path into) throws IOException {
        Path work = Files.createTempDirectory("ringcert-apt-");
        try {
            // When root runs apt, it downloads as another user, who could not write to this folder.
            List<String> apt = List.of("apt-get", "-q", "-o", "APT::Sandbox::User=root");
            try {
                download(apt, name, work);
            } catch (IOException e) {
                // The package lists of the system are missing or out of date, so fetch our own.
                Path state = Files.createDirectories(work.resolve("state"));
                Path cache = Files.createDirectories(work.resolve("cache"));
                Files.createDirectories(state.resolve("lists/partial"));
                Files.createDirectories(cache.resolve("archives/partial"));
                List<String> withOwnLists = append(
                        apt,
                        "-o",
                        "Dir::State=" + state,
                        "-o",
                        "Dir::State::status=/var/lib/dpkg/status",
                        "-o",
                        "Dir::Cache=" + cache);
                // One source that does not answer is no reason to give up: only the download has to succeed.
                Programs.tryRun(append(withOwnLists, "update"), Map.of("LC_ALL", "C"), work, TIMEOUT);
                download(withOwnLists, name, work);
            }
            Programs.run(List.of("dpkg-deb", "-x", archive(work).toString(), into.toString()), Map.of(), work, TIMEOUT);
        } finally {
            Folders.delete(work);
        }
    }

    private static void download(List<String> apt, String name, Path folder) throws IOException {
        Programs.run(append(apt, "download", name), Map.of("LC_ALL", "C"), folder, TIMEOUT);
    }

    private static Path archive(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".deb"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("apt-get downloaded no package"));
        }
    }

    private static List<String> append(List<String> command, String... more) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }
}
