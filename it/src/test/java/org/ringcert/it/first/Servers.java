package org.ringcert.it.first;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.ringcert.daemon.demo.ChildProcess;
import org.ringcert.daemon.demo.PebbleBinaries;

/** Three Debian servers and the Internet between them, on this machine and apart from it: see {@code lab.sh}. Closing it ends everything there. */
final class Servers implements AutoCloseable {

    static final List<String> NAMES = List.of("web0", "web1", "web2");

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final List<String> SCRIPTS = List.of("lab.sh", "on", "systemctl", "ssh", "scp");
    private static final List<String> PROGRAMS = List.of(
            "/usr/bin/unshare",
            "/usr/bin/nsenter",
            "/usr/bin/setpriv",
            "/usr/bin/systemd-sysusers",
            "/usr/sbin/ip",
            "/usr/sbin/apache2",
            "/usr/sbin/nginx",
            "/usr/bin/openssl",
            "/usr/bin/curl",
            "/usr/bin/apt-get");

    private final Path folder;
    private final ChildProcess lab;
    private final long first;
    private final AtomicInteger commands = new AtomicInteger();

    private Servers(Path folder, ChildProcess lab, long first) {
        this.folder = folder;
        this.lab = lab;
        this.first = first;
    }

    /** Starts them, or skips the test that wants them and says why. */
    static Servers start(Path folder, PebbleBinaries pebble) throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "servers with roots of their own need root");
        for (String program : PROGRAMS) {
            assumeTrue(Files.isExecutable(Path.of(program)), program + " is not installed");
        }
        Path scripts = Files.createDirectory(folder.resolve("scripts"));
        for (String script : SCRIPTS) {
            try (InputStream in = Objects.requireNonNull(Servers.class.getResourceAsStream(script), script)) {
                Files.copy(in, scripts.resolve(script));
            }
        }
        List<String> unshare = List.of("/usr/bin/unshare", "-m", "-n", "-p", "-f", "--kill-child", "--mount-proc");
        ChildProcess probe = ChildProcess.start(
                "unshare",
                with(unshare, "mount", "-t", "tmpfs", "tmpfs", "/mnt"),
                Map.of(),
                folder.resolve("probe.log"));
        assumeTrue(probe.awaitExit(LONG) == 0, () -> "this machine lets no namespaces be made: " + said(probe));
        ChildProcess lab = ChildProcess.start(
                "lab.sh",
                with(
                        unshare,
                        "bash",
                        scripts.resolve("lab.sh").toString(),
                        Files.createDirectory(folder.resolve("lab")).toString(),
                        scripts.toString(),
                        pebble.pebble().toString(),
                        pebble.challtestsrv().toString()),
                Map.of(),
                folder.resolve("lab.log"));
        try {
            lab.awaitLine("the servers are there"::equals, LONG);
            long first = ProcessHandle.of(lab.pid()).stream()
                    .flatMap(ProcessHandle::children)
                    .findFirst()
                    .orElseThrow()
                    .pid();
            return new Servers(folder, lab, first);
        } catch (IOException | RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    private static String said(ChildProcess process) {
        try {
            return process.output();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    record Ran(int status, String said) {}

    /** Runs commands on one of them, as root, with a shell that ends at the first that fails. */
    Ran on(String server, String commandLines) throws IOException {
        return run(folder.resolve("lab/on").toString(), server, "sh", "-euc", commandLines);
    }

    /** The same; it has to succeed. Returns what was said. */
    String mustOn(String server, String commandLines) throws IOException {
        Ran ran = on(server, commandLines);
        assertThat(ran.status())
                .as("on %s:%n%s%n%s", server, commandLines, ran.said())
                .isZero();
        return ran.said();
    }

    /** Brings a file of this machine to the home of root. */
    void bring(Path file, String server) throws IOException {
        Path home = folder.resolve("lab").resolve(server).resolve("root");
        Ran ran = run("cp", file.toString(), home.toString());
        assertThat(ran.status()).as(ran.said()).isZero();
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
        lab.close();
    }
}
