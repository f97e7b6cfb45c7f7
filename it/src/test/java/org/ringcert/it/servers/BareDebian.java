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
 * A Debian with nothing in it but its essential packages and CA certificates: see {@code bare.sh}. It has this
 * machine's network. Closing it ends everything there.
 */
public final class BareDebian implements AutoCloseable {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Pattern SUITE = Pattern.compile("(?m)^VERSION_CODENAME=(\\w+)$");

    private final Path root;
    private final ChildProcess keeper;
    private final long first;

    private BareDebian(Path root, ChildProcess keeper, long first) {
        this.root = root;
        this.keeper = keeper;
        this.first = first;
    }

    /**
     * Makes one of this machine's own Debian; nothing where that cannot be had, and a line on standard error says why.
     *
     * @param folder is there under its own name, too
     */
    public static Optional<BareDebian> create(Path folder) throws IOException {
        Matcher release = SUITE.matcher(Files.readString(Path.of("/etc/os-release")));
        if (!Files.isExecutable(Path.of("/usr/sbin/debootstrap")) || !release.find()) {
            System.err.println("no Debian root of its own: debootstrap is not installed, or this is no Debian");
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
            keeper.awaitLine("the root is there"::equals, LONG);
            long first = ProcessHandle.of(keeper.pid()).stream()
                    .flatMap(ProcessHandle::children)
                    .findFirst()
                    .orElseThrow()
                    .pid();
            return Optional.of(new BareDebian(root, keeper, first));
        } catch (IOException e) {
            keeper.close();
            System.err.println("no Debian root of its own: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** What runs a command there, put before it. */
    public List<String> commandPrefix() {
        return with("chroot", root.toString());
    }

    /**
     * What runs commands of a shell beside it that are to change its mounts for themselves alone, put before them; the
     * root is $0.
     */
    public List<String> besidePrefix(String commands) {
        return with("unshare", "-m", "sh", "-euc", commands, root.toString());
    }

    private List<String> with(String... command) {
        return Stream.concat(Stream.of("nsenter", "-t", String.valueOf(first), "-m", "-p", "--"), Stream.of(command))
                .toList();
    }

    @Override
    public void close() throws IOException {
        keeper.close();
    }
}
