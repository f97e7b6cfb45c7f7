package org.ringcert.it.servers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ringcert.demo.ChildProcess;

/**
 * A Debian root directory with only the essential packages and CA certificates; see {@code bare.sh}. It uses this
 * machine's network. Closing it ends all processes in it.
 */
public final class BareDebian implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final Pattern SUITE = Pattern.compile("(?m)^VERSION_CODENAME=(\\w+)$");

    private final Path root;
    private final ChildProcess keeper;
    private final long init;

    private BareDebian(Path root, ChildProcess keeper, long init) {
        this.root = root;
        this.keeper = keeper;
        this.init = init;
    }

    /**
     * Creates one from this machine's Debian release. Returns empty if that is not possible, and prints the reason to
     * standard error.
     *
     * @param folder gets the files; inside the root, it has the same path
     */
    public static Optional<BareDebian> create(Path folder) throws IOException {
        Matcher release = SUITE.matcher(Files.readString(Path.of("/etc/os-release")));
        if (!Files.isExecutable(Path.of("/usr/sbin/debootstrap")) || !release.find()) {
            System.err.println("no bare Debian: debootstrap is not installed, or this is not Debian");
            return Optional.empty();
        }
        Path script = folder.resolve("bare.sh");
        try (InputStream in = Objects.requireNonNull(BareDebian.class.getResourceAsStream("bare.sh"))) {
            Files.copy(in, script);
        }
        Path root = Files.createDirectory(folder.resolve("root"));
        ChildProcess keeper = ChildProcess.start(
                "bare.sh",
                Stream.of(
                                "unshare",
                                "-m",
                                "-p",
                                "-f",
                                "--kill-child",
                                "--mount-proc",
                                "bash",
                                script,
                                root,
                                release.group(1),
                                folder)
                        .map(Object::toString)
                        .toList(),
                Map.of(),
                folder.resolve("bare.log"));
        try {
            keeper.awaitLine("the root is ready"::equals, TIMEOUT);
            long init = ProcessHandle.of(keeper.pid()).stream()
                    .flatMap(ProcessHandle::children)
                    .findFirst()
                    .orElseThrow()
                    .pid();
            return Optional.of(new BareDebian(root, keeper, init));
        } catch (IOException e) {
            keeper.close();
            System.err.println("no bare Debian: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Returns what to put before a command to run it inside the root. */
    public List<String> commandPrefix() {
        return with("chroot", root.toString());
    }

    /**
     * Returns a command that runs a shell script outside the root, in a copy of its mount namespace. In the script, $0
     * is the root.
     */
    public List<String> besidePrefix(String script) {
        return with("unshare", "-m", "sh", "-euc", script, root.toString());
    }

    private List<String> with(String... command) {
        return Stream.concat(Stream.of("nsenter", "-t", String.valueOf(init), "-m", "-p", "--"), Stream.of(command))
                .toList();
    }

    @Override
    public void close() throws IOException {
        keeper.close();
    }
}
