package org.ringcert.it.visitors;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ringcert.demo.ChildProcess;
import org.ringcert.it.Testbed;
import org.ringcert.it.servers.Document;
import org.ringcert.it.view.TestNetwork;

/**
 * A keepalived on a host of a {@link TestNetwork}, with the configuration of {@code docs/visitors.md}. It takes a
 * virtual address if no better host has it. A host whose daemon does not answer {@code /livez} with 200 is worse than
 * each of the others. If that is so on all hosts, one of them keeps the address: without it, no server could renew a
 * certificate.
 */
final class Keepalived implements Closeable {

    private static final Path PROGRAM = Path.of("/usr/sbin/keepalived");
    private static final Path DOCUMENT = Path.of("..", "docs", "visitors.md");
    private static final Path CURL = Path.of("/usr/bin/curl");

    private final ChildProcess process;

    private Keepalived(ChildProcess process) {
        this.process = process;
    }

    /** Skips the test if keepalived or curl is not installed. */
    static void assumeInstalled() {
        for (Path program : List.of(PROGRAM, CURL)) {
            assumeTrue(
                    Files.isExecutable(program), program + " is not installed (Debian: " + program.getFileName() + ")");
        }
    }

    /**
     * Starts it.
     *
     * @param folder an existing directory for its files
     * @param priority the host with the highest one has the address, if all are well; they differ by less than 50
     * @param livez the URL of the check
     */
    static Keepalived start(
            TestNetwork network,
            Path folder,
            String host,
            List<String> peers,
            String address,
            int priority,
            String livez)
            throws IOException {
        StringBuilder peerAddresses = new StringBuilder();
        for (String peer : peers) {
            peerAddresses.append("        ").append(network.ipv4(peer)).append('\n');
        }
        Path configuration = Files.writeString(
                folder.resolve(host + ".conf"),
                Document.onlyBlock(DOCUMENT, "keepalived")
                        .replace("http://127.0.0.1:9402/livez?site=www.example.org", livez)
                        .replace("priority 120", "priority " + priority)
                        .replace("unicast_src_ip 10.0.0.1\n", "unicast_src_ip " + network.ipv4(host) + "\n")
                        .replace("        10.0.0.2\n", peerAddresses)
                        .replace("10.0.0.10/24", address + "/24"));
        ChildProcess process = network.start(
                host,
                "keepalived on " + host,
                List.of(
                        PROGRAM.toString(),
                        "--vrrp",
                        "--dont-fork",
                        "--log-console",
                        "--use-file=" + configuration,
                        "--pid=" + folder.resolve(host + ".pid"),
                        "--vrrp_pid=" + folder.resolve(host + "-vrrp.pid")),
                folder.resolve(host + ".log"));
        return new Keepalived(process);
    }

    /** Waits until it has taken the address. Earlier times count as well. */
    void awaitMaster() throws IOException {
        process.awaitLine(line -> line.contains("Entering MASTER STATE"), Testbed.TIMEOUT);
    }

    /** Ends it and its children. */
    @Override
    public void close() throws IOException {
        process.terminate();
        process.awaitExit(Testbed.TIMEOUT);
    }
}
