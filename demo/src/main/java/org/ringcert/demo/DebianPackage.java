package org.ringcert.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Debian packages without installing them: nothing of the system changes, no service starts, nobody has to be root. */
final class DebianPackage {

    private static final Duration AT_MOST = Duration.ofMinutes(5);

    private DebianPackage() {}

    /**
     * Fetches the package from the machine's own sources, and unpacks it into the folder. Its dependencies are not
     * looked at.
     */
    static void unpack(String name, Path into) throws IOException {
        Path work = Files.createTempDirectory("ringcert-apt-");
        try {
            // As root, apt would fetch as another user, who cannot write here.
            List<String> apt = List.of("apt-get", "-q", "-o", "APT::Sandbox::User=root");
            try {
                download(apt, name, work);
            } catch (IOException e) {
                // The system's lists are missing or too old: lists of our own.
                Path state = Files.createDirectories(work.resolve("state"));
                Path cache = Files.createDirectories(work.resolve("cache"));
                Files.createDirectories(state.resolve("lists/partial"));
                Files.createDirectories(cache.resolve("archives/partial"));
                List<String> own = with(
                        apt,
                        "-o",
                        "Dir::State=" + state,
                        "-o",
                        "Dir::State::status=/var/lib/dpkg/status",
                        "-o",
                        "Dir::Cache=" + cache);
                // Some source that does not answer is no reason to give up: whether the package comes, decides.
                Programs.runAnyway(with(own, "update"), Map.of("LC_ALL", "C"), work, AT_MOST);
                download(own, name, work);
            }
            Programs.run(List.of("dpkg-deb", "-x", archive(work).toString(), into.toString()), Map.of(), work, AT_MOST);
        } finally {
            Folders.delete(work);
        }
    }

    private static void download(List<String> apt, String name, Path folder) throws IOException {
        Programs.run(with(apt, "download", name), Map.of("LC_ALL", "C"), folder, AT_MOST);
    }

    private static Path archive(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".deb"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("apt-get has downloaded no package"));
        }
    }

    private static List<String> with(List<String> command, String... more) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }
}
