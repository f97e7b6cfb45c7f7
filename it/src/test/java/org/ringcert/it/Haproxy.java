package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.FreePorts;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.view.visitor.TlsObservation;
import org.ringcert.view.visitor.TlsObserver;

/**
 * A HAProxy that listens for HTTPS on a free port of 127.0.0.1 and has two runtime sockets. It reads its certificate
 * files once, at startup.
 */
final class Haproxy implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/haproxy");
    private static final InetAddress LOCALHOST = InetAddress.ofLiteral("127.0.0.1");

    private final Path folder;
    private final int port;
    private final ChildProcess process;

    private Haproxy(Path folder, int port, ChildProcess process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** Skips the test if HAProxy is not installed. */
    static void assumeInstalled() {
        assumeTrue(Files.isExecutable(PROGRAM), PROGRAM + " is not installed (Debian: haproxy)");
    }

    static int freePort() throws IOException {
        return FreePorts.on(List.of(LOCALHOST));
    }

    /**
     * Starts it and waits until it serves.
     *
     * @param folder an existing directory for its files
     * @param certificates files with a certificate and its key; the first is the default
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

    /** Returns what a visitor to that name sees. */
    TlsObservation visit(String name) {
        return TlsObserver.observe(new InetSocketAddress(LOCALHOST, port), new HostName(name), Testbed.TIMEOUT);
    }

    /** Returns what a visitor to that name sees who accepts only this kind of key. */
    TlsObservation visit(String name, KeyAlgorithm onlyKind) {
        return TlsObserver.observe(
                new InetSocketAddress(LOCALHOST, port), new HostName(name), onlyKind, Testbed.TIMEOUT);
    }

    /** Returns the certificate that a visitor to that name gets. */
    X509Certificate leaf(String name) {
        return leaf(visit(name));
    }

    /** Returns the certificate that a visitor to that name gets who accepts only this kind of key. */
    X509Certificate leaf(String name, KeyAlgorithm onlyKind) {
        return leaf(visit(name, onlyKind));
    }

    private static X509Certificate leaf(TlsObservation observation) {
        return switch (observation) {
            case TlsObservation.Served served -> served.leaf();
            case TlsObservation.NoCertificate none -> throw new AssertionError(none.reason());
        };
    }

    int port() {
        return port;
    }

    /** Returns the runtime API's socket of level {@code admin}. */
    Path adminSocket() {
        return folder.resolve("admin.sock");
    }

    /** Returns the runtime API's socket of level {@code user}. */
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
