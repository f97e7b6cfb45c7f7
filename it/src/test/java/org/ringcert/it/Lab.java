package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.demo.ChildProcess;
import org.ringcert.daemon.demo.FreePorts;
import org.ringcert.daemon.demo.NodeProcess;
import org.ringcert.daemon.demo.PebbleOptions;
import org.ringcert.daemon.demo.TestCa;

/**
 * A cluster on this machine: nodes web0, web1 ... of example.org, each an address of its own with the same port, one configuration file, a store for each,
 * and a real CA that sends its requests there. Nodes are processes and run when {@link #run} says so. Closing it ends all and deletes nothing: the folder is the test's.
 */
final class Lab implements AutoCloseable {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final Path folder;
    private final TestCa ca;
    private final List<InetAddress> addresses;
    private final List<ChildProcess> processes = new ArrayList<>();

    private Lab(Path folder, TestCa ca, List<InetAddress> addresses) {
        this.folder = folder;
        this.ca = ca;
        this.addresses = addresses;
    }

    /**
     * Starts the CA and writes the configuration; no node runs yet. Site names lead nowhere before {@link #point}.
     *
     * @param folder takes all files, and is to be empty
     * @param sites the names of each site
     */
    static Lab start(Path folder, RealCa which, UnaryOperator<PebbleOptions> like, int nodes, List<List<String>> sites)
            throws IOException {
        List<InetAddress> addresses = IntStream.range(0, nodes)
                .mapToObj(node -> InetAddress.ofLiteral("127.0.10." + (node + 1)))
                .toList();
        TestCa ca = TestCa.start(which.binaries(), like.apply(PebbleOptions.on(addresses)));
        Lab lab = new Lab(folder, ca, addresses);
        try {
            for (int node = 0; node < nodes; node++) {
                ca.setAddress(lab.name(node), addresses.get(node));
            }
            Files.writeString(lab.configuration(), lab.written(sites));
            return lab;
        } catch (IOException | RuntimeException e) {
            ca.close();
            throw e;
        }
    }

    TestCa ca() {
        return ca;
    }

    /** The configuration file, the same for all nodes. */
    Path configuration() {
        return folder.resolve("ringcert.toml");
    }

    /** Writes the configuration anew; nodes see it when they are started, or told by SIGHUP. */
    void configure(UnaryOperator<String> change) throws IOException {
        Files.writeString(configuration(), change.apply(Files.readString(configuration())));
    }

    HostName name(int node) {
        return new HostName("web" + node + ".example.org");
    }

    InetAddress address(int node) {
        return addresses.get(node);
    }

    Path store(int node) {
        return folder.resolve("store" + node);
    }

    /** From now on the CA is sent to that node for that site. */
    void point(String site, int node) throws IOException {
        ca.setAddress(new HostName(site), address(node));
    }

    /** Starts the node's daemon, with the flags of production, and waits until it answers. */
    ChildProcess run(int node) throws IOException {
        ChildProcess process = start(node, "run");
        process.awaitLine(line -> line.contains(" answers on "), LONG);
        return process;
    }

    /** Runs another command on that node to its end, and returns what it said. */
    String command(int node, int expectedStatus, String... arguments) throws IOException {
        ChildProcess process = start(node, arguments);
        int status = process.awaitExit(LONG);
        String said = process.output();
        assertThat(status)
                .as("%s on %s: %s", List.of(arguments), name(node), said)
                .isEqualTo(expectedStatus);
        return said;
    }

    @Override
    public void close() throws IOException {
        try (ca) {
            for (ChildProcess process : processes) {
                process.close();
            }
        }
    }

    private ChildProcess start(int node, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--config", configuration().toString()));
        all.addAll(List.of("--node", name(node).value()));
        all.addAll(List.of("--store", store(node).toString()));
        Path output = folder.resolve("output-%d-%s".formatted(processes.size(), arguments[0]));
        Path flags = Path.of("..", "build", "jvm.args").toRealPath();
        ChildProcess process = NodeProcess.start(name(node) + " " + arguments[0], List.of("@" + flags), all, output);
        processes.add(process);
        return process;
    }

    private String written(List<List<String>> sites) throws IOException {
        StringBuilder toml = new StringBuilder();
        for (int node = 0; node < addresses.size(); node++) {
            String address = address(node).getHostAddress();
            toml.append("""
                    [[node]]
                    name = "%s"
                    address = "%s"
                    port = %d
                    listen = ["%s:%d"]
                    admin = "%s:%d"

                    """.formatted(
                            name(node),
                            address,
                            ca.httpPort(),
                            address,
                            ca.httpPort(),
                            address,
                            FreePorts.on(List.of(address(node)))));
        }
        for (List<String> names : sites) {
            toml.append("[[site]]\nnames = %s\n\n"
                    .formatted(names.stream().collect(Collectors.joining("\", \"", "[\"", "\"]"))));
        }
        toml.append("""
                [acme]
                directory = "%s"
                agree-to-terms = true
                ca-file = "%s"
                """.formatted(ca.directory(), ca.caFile()));
        return toml.toString();
    }
}
