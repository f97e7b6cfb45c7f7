package org.ringcert.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.handoff.HandoffMode;

/**
 * A cluster on loopback addresses of this machine: nodes web0, web1 ... of example.org, one configuration file, and for
 * each node an address, a store and processes of its own. Site number i lives on node number i, in turn, until it is
 * {@linkplain #move moved}. Not for several threads.
 */
public final class LocalCluster implements AutoCloseable {

    private final TestCa ca;
    private final Path folder;
    private final List<InetAddress> addresses;
    private final List<Site> sites;
    private final HandoffMode handoff;
    private final List<String> flags;
    private final List<ChildProcess> started = new ArrayList<>();

    /**
     * Writes the configuration and tells the CA's DNS where the names lead. No process is started.
     *
     * @param folder for the configuration, the stores and the logs
     * @param addresses one for each node; the port is the one that the CA validates on
     * @param flags of the processes' JVM
     */
    public LocalCluster(
            TestCa ca,
            Path folder,
            List<InetAddress> addresses,
            List<Site> sites,
            HandoffMode handoff,
            List<String> flags)
            throws IOException {
        this.ca = ca;
        this.folder = folder;
        this.addresses = List.copyOf(addresses);
        this.handoff = handoff;
        this.flags = List.copyOf(flags);
        this.sites = List.copyOf(sites);
        for (int node = 0; node < addresses.size(); node++) {
            ca.setAddress(node(node), addresses.get(node));
        }
        for (int site = 0; site < sites.size(); site++) {
            move(site, site % addresses.size());
        }
        Files.writeString(configuration(), toml());
    }

    /** So many loopback addresses that nothing but a test would use. */
    public static List<InetAddress> loopback(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> InetAddress.ofLiteral("127.80." + (1 + i / 250) + "." + (1 + i % 250)))
                .toList();
    }

    public int nodes() {
        return addresses.size();
    }

    public List<Site> sites() {
        return sites;
    }

    /** The name of a node of any such cluster, counted from 0. */
    public static HostName name(int node) {
        return new HostName("web" + node + ".example.org");
    }

    /**
     * A configuration's {@code [[node]]} tables: each node answers on its address and that port, and its peers reach it
     * there.
     */
    public static String nodeTables(List<InetAddress> addresses, int port) {
        StringBuilder toml = new StringBuilder();
        for (int node = 0; node < addresses.size(); node++) {
            String address = addresses.get(node).getHostAddress();
            toml.append("""
                    [[node]]
                    name = "%s"
                    address = "%s"
                    port = %d
                    listen = ["%s:%d"]

                    """.formatted(name(node), address, port, address, port));
        }
        return toml.toString();
    }

    /** The name of a node, counted from 0. */
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

    /** The site's names lead to that node from now on. */
    public void move(int site, int node) throws IOException {
        for (HostName name : sites.get(site).names()) {
            ca.setAddress(name, addresses.get(node));
        }
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
        ChildProcess process = NodeProcess.start(node(node) + " " + arguments[0], flags, all, output);
        started.add(process);
        return process;
    }

    /** Ends every process that was started and is still there. Files stay. */
    @Override
    public void close() throws IOException {
        started.forEach(ChildProcess::terminate);
        for (ChildProcess process : started) {
            process.close();
        }
    }

    private String toml() {
        StringBuilder toml = new StringBuilder(nodeTables(addresses, ca.httpPort()));
        for (Site site : sites) {
            String names = site.names().stream().map(HostName::value).collect(Collectors.joining("\", \""));
            toml.append("[[site]]\nnames = [\"%s\"]\n\n".formatted(names));
        }
        toml.append("""
                [acme]
                directory = "%s"
                ca-file = "%s"
                agree-to-terms = true

                [front]
                handoff = "%s"
                """.formatted(ca.directory(), ca.caFile(), handoff.label()));
        return toml.toString();
    }
}
