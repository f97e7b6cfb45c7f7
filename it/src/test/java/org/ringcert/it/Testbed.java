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
 * A cluster on this machine beside a real CA that sends its requests there. Nodes are processes of {@link NodeJvm} and
 * run when {@link #startDaemon} says so. Closing it ends all and deletes nothing: the folder is the test's.
 */
final class Testbed implements AutoCloseable {

    static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final Path folder;
    private final TestCa ca;
    private final LocalCluster cluster;
    private final AtomicInteger commands = new AtomicInteger();

    private Testbed(Path folder, TestCa ca, LocalCluster cluster) {
        this.folder = folder;
        this.ca = ca;
        this.cluster = cluster;
    }

    /**
     * Starts the CA and writes the configuration; no node runs yet. Site i leads to node i, in turn.
     *
     * @param folder takes all files, and is to be empty
     * @param sites each by its names, with blanks between them
     */
    static Testbed start(
            Path folder, PebbleRelease which, UnaryOperator<PebbleOptions> like, int nodes, String... sites)
            throws IOException {
        return start(folder, which, HandoffMode.REDIRECT, like, nodes, sites);
    }

    /** The same with another way of handing over. */
    static Testbed start(
            Path folder,
            PebbleRelease which,
            HandoffMode handoff,
            UnaryOperator<PebbleOptions> like,
            int nodes,
            String... sites)
            throws IOException {
        List<InetAddress> addresses = LocalCluster.loopback(nodes);
        TestCa ca = TestCa.start(which.binaries(), like.apply(PebbleOptions.on(addresses)));
        try {
            List<Site> all = List.of(sites).stream().map(Testbed::site).toList();
            LocalCluster cluster =
                    new LocalCluster(ca, folder, addresses, all, handoff, NodeJvm.flags(which.binaries()));
            return new Testbed(folder, ca, cluster);
        } catch (IOException | RuntimeException e) {
            ca.close();
            throw e;
        }
    }

    private static Site site(String names) {
        return new Site(List.of(names.split(" ")).stream().map(HostName::new).toList());
    }

    TestCa ca() {
        return ca;
    }

    LocalCluster cluster() {
        return cluster;
    }

    /** Writes the configuration anew; nodes see it when they are started. */
    void editConfiguration(UnaryOperator<String> change) throws IOException {
        Files.writeString(cluster.configuration(), change.apply(Files.readString(cluster.configuration())));
    }

    /** Starts the node's daemon, and waits until it answers. */
    ChildProcess startDaemon(int node) throws IOException {
        return awaitAnswers(cluster.run(node));
    }

    /**
     * Starts those daemons at once, and waits until they answer. The CA is silent until then, so that what they order
     * finds all of them up.
     */
    List<ChildProcess> startDaemons(Integer... nodes) throws IOException {
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

    /** {@link #startDaemons} for all nodes. */
    List<ChildProcess> startAllDaemons() throws IOException {
        return startDaemons(IntStream.range(0, cluster.nodes()).boxed().toArray(Integer[]::new));
    }

    /** Runs another command on that node to its end, and returns what it said. */
    String runCommand(int node, int expectedStatus, String... arguments) throws IOException {
        Path output = folder.resolve("output-" + commands.incrementAndGet());
        ChildProcess process = cluster.command(node, output, arguments);
        int status = process.awaitExit(TIMEOUT);
        String said = process.output();
        assertThat(status)
                .as("%s on %s: %s", List.of(arguments), cluster.node(node), said)
                .isEqualTo(expectedStatus);
        return said;
    }

    @Override
    public void close() throws IOException {
        try (ca) {
            cluster.close();
        }
    }
}
