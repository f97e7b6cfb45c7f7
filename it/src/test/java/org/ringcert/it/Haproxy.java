package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.FreePorts;
import org.ringcert.view.visitor.TlsObservation;
import org.ringcert.view.visitor.TlsObserver;

/**
 * A HAProxy with https on a free port of 127.0.0.1, and two runtime sockets. Its certificates are files that it reads
 * once, at its start.
 */
final class Haproxy implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/haproxy");
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    private final Path folder;
    private final int port;
    private final ChildProcess process;

    private Haproxy(Path folder, int port, ChildProcess process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** Skips the test where there is none. */
    static void assumeInstalled() {
        assumeTrue(Files.isExecutable(PROGRAM), PROGRAM + " is not installed (Debian: haproxy)");
    }

    static int freePort() throws IOException {
        return FreePorts.on(List.of(HERE));
    }

    /**
     * Starts it, and waits until it serves.
     *
     * @param folder for its files; exists
     * @param certificates with their keys; the first is for visitors who want no other
     */
    static Haproxy start(Path folder, int port, List<Path> certificates) throws IOException {
        String files = certificates.stream()
                .map(file -> " crt " + file.toString().replace(" ", "\\ "))
                .collect(Collectors.joining());
        Path configuration = folder.resolve("haproxy.cfg");
        Files.writeString(
                configuration, """
                global
                    stats socket %s mode 600 level admin
                    stats socket %s mode 600 level user
                defaults
                    mode http
                    timeout client 30s
                    timeout server 30s
                    timeout connect 5s
                frontend https
                    bind 127.0.0.1:%d ssl%s
                    http-request return status 200
                """.formatted(folder.resolve("admin.sock"), folder.resolve("user.sock"), port, files));
        ChildProcess process = ChildProcess.start(
                "haproxy",
                List.of(PROGRAM.toString(), "-db", "-f", configuration.toString()),
                Map.of(),
                folder.resolve("haproxy.log"));
        Haproxy haproxy = new Haproxy(folder, port, process);
        await().atMost(Testbed.TIMEOUT)
                .until(() -> !process.isAlive() || haproxy.visit("www.example.org") instanceof TlsObservation.Served);
        assertThat(process.isAlive()).as(process.output()).isTrue();
        return haproxy;
    }

    /** What a visitor of that name is shown. */
    TlsObservation visit(String name) {
        return TlsObserver.observe(new InetSocketAddress(HERE, port), new HostName(name), Testbed.TIMEOUT);
    }

    int port() {
        return port;
    }

    /** The socket of its runtime API with all rights. */
    Path adminSocket() {
        return folder.resolve("admin.sock");
    }

    /** The socket with few rights. */
    Path userSocket() {
        return folder.resolve("user.sock");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
