package org.ringcert.it.view;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.NodeProcess;
import org.ringcert.demo.Programs;
import org.ringcert.dns.ScriptedDns.Transports;
import org.ringcert.it.CommandResult;

/**
 * Hosts on a network of their own, isolated from this machine, with IPv4 and IPv6 and DNS servers; see
 * {@code network.sh} for the addresses. The hosts share this machine's files. Closing it ends all processes that were
 * started here, and deletes no file.
 */
public final class TestNetwork implements Closeable {

    public static final Duration TIMEOUT = Duration.ofMinutes(2);

    /** The DNS server of all hosts. */
    public static final String DNS_ADDRESS = "192.0.1.1";

    /** Addresses that are not on the network. What is sent there is swallowed, so connections time out. */
    static final String DEAD_IPV4 = "192.0.3.1";

    static final String DEAD_IPV6 = "2001:db9:1::1";

    /** Addresses of the router, on which nothing listens at port 80. */
    static final String REFUSING_IPV4 = "192.0.1.1";

    static final String REFUSING_IPV6 = "2001:db9::1";

    private static final int FIRST_HOST = 10;

    private static final String IPV4_ONLY = ":ipv4";

    /** A hardware address that no host has. */
    private static final String NOBODY = "02:00:00:00:00:01";

    private final Path folder;
    private final List<String> hosts;
    private final Set<String> hostsWithoutIpv6;
    private final Deque<ChildProcess> processes = new ArrayDeque<>();
    private final AtomicInteger commands = new AtomicInteger();
    private final ChildProcess keeper;
    private final NetworkDns dns;

    private TestNetwork(Path folder, List<String> hosts, ChildProcess keeper) {
        this.folder = folder;
        this.hosts = hosts.stream().map(host -> host.replace(IPV4_ONLY, "")).toList();
        this.hostsWithoutIpv6 = hosts.stream()
                .filter(host -> host.endsWith(IPV4_ONLY))
                .map(host -> host.replace(IPV4_ONLY, ""))
                .collect(Collectors.toSet());
        this.keeper = keeper;
        this.dns = new NetworkDns(this, DNS_ADDRESS);
    }

    /**
     * Starts a network, with a DNS server that knows nothing yet. Skips the test, with the reason, if this machine does
     * not allow it.
     *
     * @param folder an empty directory for all files
     * @param hosts such as web0, or web0:ipv4 for a host without IPv6
     */
    public static TestNetwork start(Path folder, String... hosts) throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can make a network of its own");
        for (String program : List.of("unshare", "nsenter", "ip", "mount", "bash")) {
            assumeTrue(
                    Programs.find(program, System.getenv().getOrDefault("PATH", ""))
                            .isPresent(),
                    program + " is not installed");
        }
        assumeNamespaces(folder);
        Path script = folder.resolve("network.sh");
        try (InputStream in = Objects.requireNonNull(TestNetwork.class.getResourceAsStream("network.sh"))) {
            Files.copy(in, script);
        }
        Files.writeString(folder.resolve("resolv.conf"), "nameserver " + DNS_ADDRESS + "\n");
        Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n::1 localhost\n");
        List<String> command =
                new ArrayList<>(List.of("unshare", "-m", "-n", "bash", script.toString(), folder.toString()));
        command.addAll(List.of(hosts));
        ChildProcess keeper = ChildProcess.start("network.sh", command, Map.of(), folder.resolve("network.log"));
        TestNetwork network = new TestNetwork(folder, List.of(hosts), keeper);
        try {
            keeper.awaitLine("the network is ready"::equals, TIMEOUT);
            network.startServices();
            return network;
        } catch (IOException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    private static void assumeNamespaces(Path folder) throws IOException {
        try (ChildProcess probe = ChildProcess.start(
                "unshare",
                List.of(
                        "unshare",
                        "-m",
                        "-n",
                        "sh",
                        "-euc",
                        "mount -t tmpfs tmpfs /mnt; ip link add switch type bridge"),
                Map.of(),
                folder.resolve("probe.log"))) {
            int status = probe.awaitExit(TIMEOUT);
            String output = probe.output();
            assumeTrue(status == 0, () -> "this machine does not allow new namespaces: " + output);
        }
    }

    private void startServices() throws IOException {
        startOnRouter(
                        "the services",
                        NodeProcess.java(
                                List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                                NetworkServices.class.getName(),
                                List.of(socket().toString())),
                        folder.resolve("services.log"))
                .awaitLine("the services are ready"::equals, TIMEOUT);
        control("dns", DNS_ADDRESS, Transports.BOTH.name());
    }

    private Path socket() {
        return folder.resolve("control");
    }

    /** The DNS server of all hosts. */
    public NetworkDns dns() {
        return dns;
    }

    /**
     * Starts another DNS server.
     *
     * @param address a free address of 192.0.1.0/24
     */
    NetworkDns startDns(String address, Transports transports) throws IOException {
        addToRouter(address);
        control("dns", address, transports.name());
        return new NetworkDns(this, address);
    }

    public String ipv4(String host) {
        return "192.0.1." + (FIRST_HOST + hosts.indexOf(host));
    }

    String ipv6(String host) {
        return "2001:db9::" + (FIRST_HOST + hosts.indexOf(host));
    }

    /** Returns all addresses of a host. */
    public String[] addresses(String host) {
        return hostsWithoutIpv6.contains(host) ? new String[] {ipv4(host)} : new String[] {ipv4(host), ipv6(host)};
    }

    /** Gives the router another address, with nothing listening there. */
    void addToRouter(String address) throws IOException {
        ip("address", "add", address + (address.contains(":") ? "/128" : "/32"), "dev", "switch");
    }

    /**
     * Gives the router another address, and relays connections from there to a host, as a router with address
     * translation does.
     */
    void relay(String address, int port, String host) throws IOException {
        addToRouter(address);
        control("relay", address, String.valueOf(port), ipv4(host));
    }

    /** Gives a host another address. */
    public void addAddress(String host, String address) throws IOException {
        ip("-n", host, "address", "add", address + (address.contains(":") ? "/64" : "/24"), "dev", "eth0");
    }

    /** Swallows everything that a host sends to an address of the network. */
    void swallow(String host, String address) throws IOException {
        ip("-n", host, "neigh", "replace", address, "lladdr", NOBODY, "nud", "permanent", "dev", "eth0");
    }

    /** Ends {@link #swallow}. */
    void deliver(String host, String address) throws IOException {
        ip("-n", host, "neigh", "del", address, "dev", "eth0");
    }

    private void ip(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Programs.run(onRouter(command), Map.of(), folder, TIMEOUT);
    }

    /** Starts a process on the router. It is killed when the network is closed. */
    public ChildProcess startOnRouter(String name, List<String> command, Path output) throws IOException {
        return track(ChildProcess.start(name, onRouter(command), Map.of(), output));
    }

    /** Starts a process on a host. It is killed when the network is closed. */
    public ChildProcess start(String host, String name, List<String> command, Path output) throws IOException {
        return track(ChildProcess.start(name, on(host, command), Map.of(), output));
    }

    private ChildProcess track(ChildProcess process) {
        processes.push(process);
        return process;
    }

    /** Runs a command on a host to its end. */
    public CommandResult run(String host, List<String> command) throws IOException {
        return run(on(host, command));
    }

    /** Runs a command on the router to its end. */
    public CommandResult runOnRouter(List<String> command) throws IOException {
        return run(onRouter(command));
    }

    private CommandResult run(List<String> command) throws IOException {
        Path output = folder.resolve("output-" + commands.incrementAndGet());
        try (ChildProcess process = ChildProcess.start(command.getFirst(), command, Map.of(), output)) {
            int status = process.awaitExit(TIMEOUT);
            return new CommandResult(status, process.output());
        }
    }

    // None of these programs forks, so a signal to the process reaches the command itself.
    private List<String> onRouter(List<String> command) {
        List<String> all =
                new ArrayList<>(List.of("nsenter", "--target", String.valueOf(keeper.pid()), "--mount", "--net", "--"));
        all.addAll(command);
        return all;
    }

    private List<String> on(String host, List<String> command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", host));
        all.addAll(command);
        return onRouter(all);
    }

    /** Sends a command to the {@link NetworkServices} and returns the lines of the reply. */
    List<String> control(String... words) throws IOException {
        try (SocketChannel connection = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            connection.connect(UnixDomainSocketAddress.of(socket()));
            connection.write(ByteBuffer.wrap((String.join(" ", words) + "\n").getBytes(StandardCharsets.UTF_8)));
            List<String> reply = new String(Channels.newInputStream(connection).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            if (reply.isEmpty() || !reply.getFirst().equals("done")) {
                throw new IOException(String.join(" ", words) + ": " + reply);
            }
            return reply.subList(1, reply.size());
        }
    }

    @Override
    public void close() throws IOException {
        while (!processes.isEmpty()) {
            processes.pop().close();
        }
        keeper.close();
    }
}
