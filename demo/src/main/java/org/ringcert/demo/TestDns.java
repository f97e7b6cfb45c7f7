package org.ringcert.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ringcert.cluster.HostName;

/** The DNS server that the test CA asks: the process {@code pebble-challtestsrv} on ports of 127.0.0.1. */
final class TestDns implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration HELP_TIMEOUT = Duration.ofSeconds(10);

    private final ChildProcess process;
    private final ManagementClient management;
    private final int port;
    private final int managementPort;

    private TestDns(ChildProcess process, ManagementClient management, int port, int managementPort) {
        this.process = process;
        this.management = management;
        this.port = port;
        this.managementPort = managementPort;
    }

    /**
     * Starts the server and waits until it answers.
     *
     * @param folder for its log
     * @throws IOException if it does not answer; the message has its last lines of output
     */
    static TestDns start(PebbleBinaries binaries, Path folder, ManagementClient management) throws IOException {
        List<InetAddress> loopback = List.of(InetAddress.ofLiteral("127.0.0.1"));
        int port = FreePorts.on(loopback);
        int managementPort = FreePorts.on(loopback);
        ChildProcess process = ChildProcess.start(
                "pebble-challtestsrv",
                command(binaries.challtestsrv(), folder, port, managementPort),
                Map.of(),
                folder.resolve("challtestsrv.log"));
        TestDns dns = new TestDns(process, management, port, managementPort);
        try {
            management.awaitAnswer(dns.managementUri("/"), process, START_TIMEOUT);
            return dns;
        } catch (IOException | RuntimeException e) {
            dns.close();
            throw e;
        }
    }

    private static List<String> command(Path program, Path folder, int port, int managementPort) throws IOException {
        String help = Programs.tryRun(List.of(program.toString(), "-help"), Map.of(), folder, HELP_TIMEOUT)
                .output();
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "-management",
                "127.0.0.1:" + managementPort,
                // A name without an address of its own has none. The server's own challenge responders stay off.
                "-defaultIPv4",
                "",
                "-defaultIPv6",
                "",
                "-http01",
                "",
                "-https01",
                "",
                "-tlsalpn01",
                ""));
        // Version 2.4.0 has only -dns01, the newest version only -dnsserver.
        command.addAll(List.of(help.contains("-dnsserver ") ? "-dnsserver" : "-dns01", "127.0.0.1:" + port));
        if (help.contains("-doh ")) {
            command.addAll(List.of("-doh", ""));
        }
        return command;
    }

    /** Returns the port of 127.0.0.1 where it answers over UDP and TCP. */
    int port() {
        return port;
    }

    /** Makes the address, IPv4 or IPv6, the only one that the name resolves to. */
    void setAddress(HostName name, InetAddress address) throws IOException {
        clearAddress(name);
        String path = address.getAddress().length == 4 ? "/add-a" : "/add-aaaa";
        management.post(
                managementUri(path), Map.of("host", name.value(), "addresses", List.of(address.getHostAddress())));
    }

    /** Removes all addresses of the name. */
    void clearAddress(HostName name) throws IOException {
        management.post(managementUri("/clear-a"), Map.of("host", name.value()));
        management.post(managementUri("/clear-aaaa"), Map.of("host", name.value()));
    }

    private URI managementUri(String path) {
        return URI.create("http://127.0.0.1:" + managementPort + path);
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
