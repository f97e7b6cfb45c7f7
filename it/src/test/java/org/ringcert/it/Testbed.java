package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.LocalCluster;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.demo.TestCa;
import org.ringcert.handoff.HandoffMode;

/**
 * A cluster on this machine and a Pebble that validates its sites. Each node is a process of {@link NodeJvm}, and runs
 * from {@link #startDaemon} on. Closing the testbed ends all processes but deletes no file, because the test owns the
 * directory.
 */
public final class Testbed implements AutoCloseable {

    /** How long tests wait for something that takes seconds on an idle machine. */
    public static final Duration TIMEOUT = Duration.ofMinutes(2);

    private static final InetAddress NOBODY = InetAddress.ofLiteral("127.80.0.254");

    private final Path folder;
    private final TestCa ca;
    private final LocalCluster cluster;
    private final AtomicInteger commands = new AtomicInteger();

    private Testbed(Path folder, TestCa ca, LocalCluster cluster) {
        this.folder = folder;
        this.ca = ca;
        this.cluster = cluster;
    }

    /** Starts a testbed with the installed Pebble and its default options. */
    public static Testbed start(Path folder, int nodes, String... sites) throws IOException {
        return start(folder, PebbleRelease.INSTALLED, UnaryOperator.identity(), nodes, sites);
    }

    /**
     * Starts the CA and writes the configuration, with mode {@code redirect}. No node runs yet. The name of site i
     * leads to node i modulo {@code nodes}.
     *
     * @param folder an empty directory for all files
     * @param caOptions changes the default options of the CA
     * @param sites the names of each site, separated by spaces
     */
    public static Testbed start(
            Path folder, PebbleRelease release, UnaryOperator<PebbleOptions> caOptions, int nodes, String... sites)
            throws IOException {
        return start(folder, release, HandoffMode.REDIRECT, caOptions, nodes, sites);
    }

    /** Starts a testbed whose nodes have the given handoff mode. */
    public static Testbed start(
            Path folder,
            PebbleRelease release,
            HandoffMode mode,
            UnaryOperator<PebbleOptions> caOptions,
            int nodes,
            String... sites)
            throws IOException {
        List<InetAddress> addresses = LocalCluster.loopback(nodes);
        TestCa ca = TestCa.start(release.binaries(), caOptions.apply(PebbleOptions.on(addresses)));
        try {
            List<Site> all = List.of(sites).stream().map(Testbed::site).toList();
            LocalCluster cluster =
                    new LocalCluster(ca, folder, addresses, all, mode, NodeJvm.flags(release.binaries()));
            return new Testbed(folder, ca, cluster);
        } catch (IOException | RuntimeException e) {
            ca.close();
            throw e;
        }
    }

    private static Site site(String names) {
        return new Site(List.of(names.split(" ")).stream().map(HostName::new).toList());
    }

    public TestCa ca() {
        return ca;
    }

    public LocalCluster cluster() {
        return cluster;
    }

    /** Changes the configuration file. Running nodes do not notice until they are restarted or get SIGHUP. */
    public void editConfiguration(UnaryOperator<String> change) throws IOException {
        Files.writeString(cluster.configuration(), change.apply(Files.readString(cluster.configuration())));
    }

    /**
     * Makes the CA fail where a node redirects it, as a CA does that follows no redirects to another name: the nodes'
     * names lead to an address where nothing answers.
     */
    public void makeCaFollowNoRedirects() throws IOException {
        for (int node = 0; node < cluster.nodes(); node++) {
            ca.setAddress(cluster.node(node), NOBODY);
        }
    }

    /** Starts the node's daemon and waits until it answers requests. */
    public ChildProcess startDaemon(int node) throws IOException {
        return awaitAnswers(cluster.run(node));
    }

    /**
     * Starts several daemons and waits until all of them answer requests. The CA is paused meanwhile, so that it
     * validates nothing before all daemons are up.
     */
    public List<ChildProcess> startDaemons(Integer... nodes) throws IOException {
        List<ChildProcess> processes = new ArrayList<>();
        ca.pause();
        try {
            for (int node : nodes) {
                processes.add(cluster.run(node));
            }
            for (ChildProcess process : processes) {
                awaitAnswers(process);
            }
        } finally {
            ca.resume();
        }
        return processes;
    }

    private static ChildProcess awaitAnswers(ChildProcess process) throws IOException {
        process.awaitLine(line -> line.contains(" answers on "), TIMEOUT);
        return process;
    }

    /** Starts the daemons of all nodes as {@link #startDaemons} does. */
    public List<ChildProcess> startAllDaemons() throws IOException {
        return startDaemons(IntStream.range(0, cluster.nodes()).boxed().toArray(Integer[]::new));
    }

    /**
     * Runs a command on the node, checks its exit status, and returns its output.
     *
     * @param arguments the command and its arguments, such as {@code "renew", "--force"}
     */
    public String runCommand(int node, int expectedStatus, String... arguments) throws IOException {
        Path file = folder.resolve("output-" + commands.incrementAndGet());
        ChildProcess process = cluster.command(node, file, arguments);
        int status = process.awaitExit(TIMEOUT);
        String output = process.output();
        assertThat(status)
                .as("%s on %s: %s", List.of(arguments), cluster.node(node), output)
                .isEqualTo(expectedStatus);
        return output;
    }

    @Override
    public void close() throws IOException {
        try (ca) {
            cluster.close();
        }
    }
}
