package org.ringcert.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.pki.Pem;

/**
 * A cluster on loopback addresses of this machine: nodes web0, web1, ... of example.org that share one configuration
 * file. Each node has its own address, store and processes. Nodes and sites are counted from 0. At first, site i leads
 * to node i modulo the number of nodes; {@link #move} changes that. Not thread-safe.
 */
public final class LocalCluster implements AutoCloseable {

    private final TestCa ca;
    private final Path trustedRoots;
    private final ReservedPort adminPort;
    private final Optional<ReservedPort> httpsPort;
    private final Path folder;
    private final List<InetAddress> addresses;
    private final List<Site> sites;
    private final int[] nodeOfSite;
    private final HandoffMode handoff;
    private final List<String> jvmFlags;
    private final Map<Integer, List<String>> otherPrograms = new HashMap<>();
    private final List<ChildProcess> started = new ArrayList<>();

    /**
     * Writes the configuration and sets the addresses of all names in the CA's DNS. Starts no process.
     *
     * @param folder for the configuration, the stores and the logs
     * @param addresses one for each node; the port is the one that the CA validates on
     * @param jvmFlags for the processes of the nodes
     */
    public LocalCluster(
            TestCa ca,
            Path folder,
            List<InetAddress> addresses,
            List<Site> sites,
            HandoffMode handoff,
            List<String> jvmFlags)
            throws IOException {
        this(ca, ca.caFile(), folder, addresses, sites, handoff, jvmFlags, Optional.empty());
    }

    /**
     * Returns a cluster as the constructor does, whose nodes have https at a port that is reserved for them. The
     * servers for it are the caller's. The nodes trust the CA's certificates.
     */
    static LocalCluster withHttps(
            TestCa ca,
            Path folder,
            List<InetAddress> addresses,
            List<Site> sites,
            HandoffMode handoff,
            List<String> jvmFlags)
            throws IOException {
        Path roots = folder.resolve("roots.pem");
        Files.writeString(roots, Files.readString(ca.caFile()) + Pem.write(ca.roots()));
        ReservedPort port = FreePorts.reserveExcept(ca.httpPort(), addresses);
        return new LocalCluster(ca, roots, folder, addresses, sites, handoff, jvmFlags, Optional.of(port));
    }

    private LocalCluster(
            TestCa ca,
            Path trustedRoots,
            Path folder,
            List<InetAddress> addresses,
            List<Site> sites,
            HandoffMode handoff,
            List<String> jvmFlags,
            Optional<ReservedPort> httpsPort)
            throws IOException {
        this.ca = ca;
        this.trustedRoots = trustedRoots;
        this.httpsPort = httpsPort;
        this.folder = folder;
        this.addresses = List.copyOf(addresses);
        this.handoff = handoff;
        this.jvmFlags = List.copyOf(jvmFlags);
        this.sites = List.copyOf(sites);
        this.nodeOfSite = new int[sites.size()];
        for (int node = 0; node < addresses.size(); node++) {
            ca.setAddress(node(node), addresses.get(node));
        }
        for (int site = 0; site < sites.size(); site++) {
            move(site, site % addresses.size());
        }
        this.adminPort = FreePorts.reserveExcept(ca.httpPort(), addresses);
        Files.writeString(configuration(), toml());
    }

    /** Returns the given number of loopback addresses, of a range that nothing but a test would use. */
    public static List<InetAddress> loopback(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> InetAddress.ofLiteral("127.80." + (1 + i / 250) + "." + (1 + i % 250)))
                .toList();
    }

    /** Returns the number of nodes. */
    public int nodes() {
        return addresses.size();
    }

    public List<Site> sites() {
        return sites;
    }

    /** Returns the name that a node has in every such cluster. */
    public static HostName name(int node) {
        return new HostName("web" + node + ".example.org");
    }

    /**
     * Returns a configuration's {@code [[node]]} tables, where each node listens on its address and the given port, and
     * its peers reach it there. The nodes have no admin servers.
     */
    public static String nodeTables(List<InetAddress> addresses, int port) {
        return nodeTables(addresses, port, _ -> "admin = \"off\"\n");
    }

    /** @param others returns the other keys of the node with an address */
    private static String nodeTables(List<InetAddress> addresses, int port, Function<InetAddress, String> others) {
        StringBuilder toml = new StringBuilder();
        for (int node = 0; node < addresses.size(); node++) {
            String address = addresses.get(node).getHostAddress();
            toml.append("""
                    [[node]]
                    name = "%s"
                    address = "%s"
                    port = %d
                    listen = ["%s:%d"]
                    %s
                    """.formatted(name(node), address, port, address, port, others.apply(addresses.get(node))));
        }
        return toml.toString();
    }

    /** Returns where the admin server of a node listens, as ADDRESS:PORT. */
    public String adminAddress(int node) {
        return adminAddress(addresses.get(node));
    }

    private String adminAddress(InetAddress address) {
        return address.getHostAddress() + ":" + adminPort.number();
    }

    private String otherKeys(InetAddress address) {
        StringBuilder keys = new StringBuilder("admin = \"" + adminAddress(address) + "\"\n");
        httpsPort.ifPresent(port ->
                keys.append("https = \"").append(address.getHostAddress()).append(":" + port.number() + "\"\n"));
        return keys.toString();
    }

    /** Returns where the https of a node is reached; empty if it is the usual port. */
    Optional<InetSocketAddress> https(int node) {
        return httpsPort.map(port -> new InetSocketAddress(addresses.get(node), port.number()));
    }

    /** Returns the node's name. */
    public HostName node(int index) {
        return name(index);
    }

    public InetAddress address(int node) {
        return addresses.get(node);
    }

    public Path configuration() {
        return folder.resolve("ringcert.toml");
    }

    public Path store(int node) {
        return folder.resolve("store-web" + node);
    }

    public Path log(int node) {
        return folder.resolve("web" + node + ".log");
    }

    /** Makes the site's names lead to another node, in the CA's DNS. */
    public void move(int site, int node) throws IOException {
        for (HostName name : sites.get(site).names()) {
            ca.setAddress(name, addresses.get(node));
        }
        nodeOfSite[site] = node;
    }

    /** Returns the index of the node that the site's names lead to. */
    int nodeOf(int site) {
        return nodeOfSite[site];
    }

    /**
     * Makes a node run another release from now on.
     *
     * @param program the beginning of its command line, before the arguments
     */
    public void install(int node, List<String> program) {
        otherPrograms.put(node, List.copyOf(program));
    }

    /** Makes a node run this build again. */
    public void installThisBuild(int node) {
        otherPrograms.remove(node);
    }

    /** Starts {@code ringcert run} on a node. */
    public ChildProcess run(int node) throws IOException {
        return command(node, log(node), "run");
    }

    /** Starts a command of {@code ringcert} on a node. */
    public ChildProcess command(int node, Path output, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--config", configuration().toString(),
                "--node", node(node).value(),
                "--store", store(node).toString()));
        ChildProcess process = start(node, node(node) + " " + arguments[0], all, output);
        started.add(process);
        return process;
    }

    private ChildProcess start(int node, String name, List<String> arguments, Path output) throws IOException {
        List<String> otherProgram = otherPrograms.get(node);
        if (otherProgram == null) {
            return NodeProcess.start(name, jvmFlags, arguments, output);
        }
        List<String> command = new ArrayList<>(otherProgram);
        command.addAll(arguments);
        return ChildProcess.start(name, command, Map.of(), output);
    }

    /** Ends all processes that are still running. Their files stay. */
    @Override
    public void close() throws IOException {
        started.forEach(ChildProcess::terminate);
        for (ChildProcess process : started) {
            process.close();
        }
        adminPort.close();
        if (httpsPort.isPresent()) {
            httpsPort.get().close();
        }
    }

    private String toml() {
        StringBuilder toml = new StringBuilder(nodeTables(addresses, ca.httpPort(), this::otherKeys));
        for (Site site : sites) {
            String names = site.names().stream().map(HostName::value).collect(Collectors.joining("\", \""));
            toml.append("[[site]]\nnames = [\"%s\"]\n\n".formatted(names));
        }
        toml.append("""
                [check]
                resolver = "127.0.0.1:%d"

                [acme]
                directory = "%s"
                ca-file = "%s"
                agree-to-terms = true

                [front]
                handoff = "%s"
                """.formatted(ca.dnsPort(), ca.directory(), trustedRoots, handoff.label()));
        return toml.toString();
    }
}
