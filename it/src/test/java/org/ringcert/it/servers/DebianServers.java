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
import org.ringcert.it.CommandResult;

/**
 * Debian servers on a network of their own, each with its own systemd and sshd. They run in namespaces, isolated from
 * this machine; see {@code network.sh}. Closing it ends all processes in them.
 */
public final class DebianServers implements AutoCloseable {

    /** Says what is simulated. Each test that uses the servers prints it. */
    public static final String STAND_INS = """
            Each server is an overlay over this machine's root directory, in namespaces. systemd, ssh and Apache are real. Simulated are:
            - the public CA, by two Pebbles with Let's Encrypt's names, which the servers trust; DNS, by pebble-challtestsrv
            - apt-get, in that the packages of this machine are already installed
            """;

    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final List<String> SCRIPTS = List.of("network.sh", "server.sh");
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
    private final ChildProcess network;
    private final long init;
    private final AtomicInteger commands = new AtomicInteger();

    private DebianServers(Path folder, Path group, ChildProcess network, long init) {
        this.folder = folder;
        this.group = group;
        this.network = network;
        this.init = init;
    }

    /**
     * Starts the servers. Skips the test, with the reason, if this machine cannot run them.
     *
     * @param names the servers' names, such as web0; the names of the three sites lead to the first three
     */
    public static DebianServers start(Path folder, List<String> names) throws IOException {
        PebbleBinaries pebble = pebble();
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can start servers in namespaces");
        for (String program : PROGRAMS) {
            assumeTrue(Files.isExecutable(Path.of(program)), program + " is not installed");
        }
        ChildProcess probe = ChildProcess.start(
                "unshare",
                with(UNSHARE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"),
                Map.of(),
                folder.resolve("probe.log"));
        assumeTrue(probe.awaitExit(TIMEOUT) == 0, () -> "this machine does not allow new namespaces: " + output(probe));
        Path group = group();
        Path scripts = Files.createDirectory(folder.resolve("scripts"));
        for (String script : SCRIPTS) {
            try (InputStream in = Objects.requireNonNull(DebianServers.class.getResourceAsStream(script), script)) {
                Files.copy(in, scripts.resolve(script));
            }
        }
        ChildProcess network = ChildProcess.start(
                "network.sh",
                Stream.of(
                                UNSHARE,
                                List.of(
                                        "bash",
                                        scripts.resolve("network.sh").toString(),
                                        Files.createDirectory(folder.resolve("network"))
                                                .toString(),
                                        group.toString(),
                                        pebble.pebble().toString(),
                                        pebble.challtestsrv().toString()),
                                names)
                        .flatMap(List::stream)
                        .toList(),
                Map.of(),
                folder.resolve("network.log"));
        try {
            network.awaitLine("the servers are ready"::equals, TIMEOUT);
            long init = ProcessHandle.of(network.pid()).stream()
                    .flatMap(ProcessHandle::children)
                    .findFirst()
                    .orElseThrow()
                    .pid();
            return new DebianServers(folder, group, network, init);
        } catch (IOException | RuntimeException e) {
            stop(network, group);
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

    /** Creates a control group for the servers' systemd. */
    private static Path group() throws IOException {
        Path root = Stream.of("/sys/fs/cgroup/unified", "/sys/fs/cgroup")
                .map(Path::of)
                .filter(directory -> Files.isWritable(directory.resolve("cgroup.procs")))
                .findFirst()
                .orElseGet(() -> abort("systemd needs a writable control group of version 2, and there is none"));
        return Files.createTempDirectory(root, "ringcert-test-");
    }

    private static String output(ChildProcess process) {
        try {
            return process.output();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Runs a shell script on a server as root, over ssh. The shell exits at the first command that fails. */
    public CommandResult tryOn(String server, String script) throws IOException {
        return run("ssh", "-o", "BatchMode=yes", "root@" + server + ".example.org", "set -eu\n" + script);
    }

    /** Runs a shell script on a server as {@link #tryOn} does, and fails unless it exits with 0. Returns its output. */
    public String runOn(String server, String script) throws IOException {
        return requireSuccess(server, script, tryOn(server, script));
    }

    /**
     * Runs a shell script on the administrator's machine, which can log in to all servers over ssh. It has this
     * machine's files. Fails unless the script exits with 0. Returns its output.
     */
    public String runOnAdminHost(Path directory, String script) throws IOException {
        return requireSuccess(
                "the administrator's machine",
                script,
                run("sh", "-euc", "cd \"$0\"; eval \"$1\"", directory.toString(), script));
    }

    /**
     * Waits until a server has a certificate for the site from the CA and serves it on port 443. Returns its serial
     * number.
     *
     * @param ca a part of the CA's URL
     */
    public String awaitServed(String server, String site, String ca) {
        String serials = """
                cd /var/lib/ringcert/certs/%1$s
                grep -q %3$s origin.json
                openssl x509 -noout -serial -in fullchain.pem
                openssl s_client -connect %2$s.example.org:443 -servername %1$s </dev/null 2>/dev/null | openssl x509 -noout -serial
                """.formatted(site, server, ca);
        return await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> tryOn(server, serials),
                        result -> result.status() == 0
                                && result.output().lines().distinct().count() == 1)
                .output()
                .lines()
                .findFirst()
                .orElseThrow();
    }

    private static String requireSuccess(String where, String script, CommandResult result) {
        assertThat(result.status())
                .as("on %s:%n%s%n%s", where, script, result.output())
                .isZero();
        return result.output();
    }

    private CommandResult run(String... command) throws IOException {
        ChildProcess process = ChildProcess.start(
                command[0],
                with(List.of("/usr/bin/nsenter", "-t", String.valueOf(init), "-m", "-n", "-p", "--"), command),
                Map.of(),
                folder.resolve("output-" + commands.incrementAndGet()));
        int status = process.awaitExit(TIMEOUT);
        return new CommandResult(status, process.output());
    }

    private static List<String> with(List<String> command, String... more) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return all;
    }

    @Override
    public void close() throws IOException {
        stop(network, group);
    }

    private static void stop(ChildProcess network, Path group) throws IOException {
        network.close();
        // A group can be removed only after its last process is gone, which takes a moment.
        await().atMost(TIMEOUT).until(() -> removed(group));
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
