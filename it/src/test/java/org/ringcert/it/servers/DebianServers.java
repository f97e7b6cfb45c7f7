package org.ringcert.it.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.PebbleBinaries;

/**
 * Debian servers, each with a systemd and an sshd of its own, and the Internet between them, on this machine and apart
 * from it: see {@code lab.sh}. Closing it ends everything there.
 */
public final class DebianServers implements AutoCloseable {

    /** What stands for something else, to be said aloud by each test that uses them. */
    public static final String STAND_INS = """
            The servers are roots of this machine under overlays, in namespaces: systemd, ssh and Apache are real. Not real there:
            - the public CA: two Pebbles under Let's Encrypt's names, trusted by the system's CA certificates; DNS: pebble-challtestsrv
            - apt-get finds installed what is installed on this machine
            """;

    private static final Duration LONG = Duration.ofMinutes(3);
    private static final List<String> SCRIPTS = List.of("lab.sh", "server.sh");
    private static final List<String> PROGRAMS = List.of(
            "/lib/systemd/systemd",
            "/usr/bin/curl",
            "/usr/bin/nsenter",
            "/usr/bin/openssl",
            "/usr/bin/setpriv",
            "/usr/bin/ssh",
            "/usr/bin/systemd-sysusers",
            "/usr/bin/unshare",
            "/usr/sbin/apache2",
            "/usr/sbin/ip",
            "/usr/sbin/nginx",
            "/usr/sbin/sshd");
    private static final List<String> UNSHARE =
            List.of("/usr/bin/unshare", "-m", "-n", "-p", "-f", "--kill-child", "--mount-proc");

    private final Path folder;
    private final Path group;
    private final ChildProcess testbed;
    private final long first;
    private final AtomicInteger commands = new AtomicInteger();

    private DebianServers(Path folder, Path group, ChildProcess testbed, long first) {
        this.folder = folder;
        this.group = group;
        this.testbed = testbed;
        this.first = first;
    }

    /**
     * Starts them, or skips the test that wants them and says why.
     *
     * @param names of the servers, web0 and so on; the first three are where the sites' names lead to
     */
    public static DebianServers start(Path folder, List<String> names) throws IOException {
        PebbleBinaries pebble = pebble();
        assumeTrue(System.getProperty("user.name").equals("root"), "servers with roots of their own need root");
        for (String program : PROGRAMS) {
            assumeTrue(Files.isExecutable(Path.of(program)), program + " is not installed");
        }
        ChildProcess probe = ChildProcess.start(
                "unshare",
                with(UNSHARE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"),
                Map.of(),
                folder.resolve("probe.log"));
        assumeTrue(probe.awaitExit(LONG) == 0, () -> "this machine lets no namespaces be made: " + said(probe));
        Path group = group();
        Path scripts = Files.createDirectory(folder.resolve("scripts"));
        for (String script : SCRIPTS) {
            try (InputStream in = Objects.requireNonNull(DebianServers.class.getResourceAsStream(script), script)) {
                Files.copy(in, scripts.resolve(script));
            }
        }
        ChildProcess testbed = ChildProcess.start(
                "lab.sh",
                Stream.of(
                                UNSHARE,
                                List.of(
                                        "bash",
                                        scripts.resolve("lab.sh").toString(),
                                        Files.createDirectory(folder.resolve("testbed"))
                                                .toString(),
                                        group.toString(),
                                        pebble.pebble().toString(),
                                        pebble.challtestsrv().toString()),
                                names)
                        .flatMap(List::stream)
                        .toList(),
                Map.of(),
                folder.resolve("testbed.log"));
        try {
            testbed.awaitLine("the servers are there"::equals, LONG);
            long first = ProcessHandle.of(testbed.pid()).stream()
                    .flatMap(ProcessHandle::children)
                    .findFirst()
                    .orElseThrow()
                    .pid();
            return new DebianServers(folder, group, testbed, first);
        } catch (IOException | RuntimeException e) {
            end(testbed, group);
            throw e;
        }
    }

    private static PebbleBinaries pebble() {
        try {
            return PebbleBinaries.find(System.err::println);
        } catch (IOException e) {
            return abort(String.valueOf(e.getMessage()));
        }
    }

    /** A control group for the systemds. */
    private static Path group() throws IOException {
        Path root = Stream.of("/sys/fs/cgroup/unified", "/sys/fs/cgroup")
                .map(Path::of)
                .filter(place -> Files.isWritable(place.resolve("cgroup.procs")))
                .findFirst()
                .orElseGet(() -> abort("no second version of control groups to be written to, which systemd needs"));
        return Files.createTempDirectory(root, "ringcert-testbed-");
    }

    private static String said(ChildProcess process) {
        try {
            return process.output();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** What a command's end was, and what it said on both streams. */
    public record Ran(int status, String said) {}

    /** Runs commands on one of them, as root by ssh, with a shell that ends at the first that fails. */
    public Ran tryOn(String server, String commandLines) throws IOException {
        return run("ssh", "-o", "BatchMode=yes", "root@" + server + ".example.org", "set -eu\n" + commandLines);
    }

    /** The same; it has to succeed. Returns what was said. */
    public String runOn(String server, String commandLines) throws IOException {
        return must(server, commandLines, tryOn(server, commandLines));
    }

    /**
     * Runs commands, which have to succeed, on the machine that may log in to all servers by ssh: this one, in a folder
     * of this machine. Returns what was said.
     */
    public String runOnAdminHost(Path directory, String commandLines) throws IOException {
        return must(
                "the machine beside",
                commandLines,
                run("sh", "-euc", "cd \"$0\"; eval \"$1\"", directory.toString(), commandLines));
    }

    /**
     * Waits until a server's port 443 shows the certificate for a site that it has from a CA, and returns that one's
     * serial number.
     *
     * @param ca a part of the CA's address
     */
    public String awaitServed(String server, String site, String ca) {
        String look = """
                cd /var/lib/ringcert/certs/%1$s
                grep -q %3$s origin.json
                openssl x509 -noout -serial -in fullchain.pem
                openssl s_client -connect %2$s.example.org:443 -servername %1$s </dev/null 2>/dev/null | openssl x509 -noout -serial
                """.formatted(site, server, ca);
        return await().atMost(LONG)
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> tryOn(server, look),
                        ran -> ran.status() == 0
                                && ran.said().lines().distinct().count() == 1)
                .said()
                .lines()
                .findFirst()
                .orElseThrow();
    }

    private static String must(String where, String commandLines, Ran ran) {
        assertThat(ran.status())
                .as("on %s:%n%s%n%s", where, commandLines, ran.said())
                .isZero();
        return ran.said();
    }

    private Ran run(String... command) throws IOException {
        ChildProcess process = ChildProcess.start(
                command[0],
                with(List.of("/usr/bin/nsenter", "-t", String.valueOf(first), "-m", "-n", "-p", "--"), command),
                Map.of(),
                folder.resolve("said-" + commands.incrementAndGet()));
        int status = process.awaitExit(LONG);
        return new Ran(status, process.output());
    }

    private static List<String> with(List<String> command, String... more) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return all;
    }

    @Override
    public void close() throws IOException {
        end(testbed, group);
    }

    private static void end(ChildProcess testbed, Path group) throws IOException {
        testbed.close();
        // A group can go when the last process in it is gone, and the kernel takes its time for that.
        await().atMost(LONG).until(() -> removed(group));
    }

    private static boolean removed(Path group) throws IOException {
        try (Stream<Path> inside = Files.walk(group)) {
            for (Path directory : inside.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.delete(directory);
            }
            return true;
        } catch (FileSystemException | UncheckedIOException e) {
            return false;
        }
    }
}
