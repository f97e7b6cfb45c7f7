package org.ringcert.it.visitors;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ringcert.demo.ChildProcess;
import org.ringcert.it.Testbed;
import org.ringcert.it.view.TestNetwork;

/**
 * A keepalived on a host of a {@link TestNetwork}, which takes a virtual address if no better host has it. A host whose
 * daemon does not answer {@code /livez} with 200 is worse than each of the others. If that is so on all hosts, one of
 * them keeps the address: without it, no server could renew a certificate.
 */
final class Keepalived implements Closeable {

    private static final Path PROGRAM = Path.of("/usr/sbin/keepalived");
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
        Path configuration = Files.writeString(folder.resolve(host + ".conf"), """
                global_defs {
                    router_id %s
                    script_user root
                    enable_script_security
                }
                vrrp_script livez {
                    script "%s --silent --fail --output /dev/null --noproxy * --max-time 2 %s"
                    interval 1
                    timeout 3
                    fall 2
                    rise 2
                    weight -50
                }
                vrrp_instance site {
                    state BACKUP
                    interface eth0
                    virtual_router_id 51
                    priority %d
                    advert_int 1
                    unicast_src_ip %s
                    unicast_peer {
                %s    }
                    virtual_ipaddress {
                        %s/24
                    }
                    track_script {
                        livez
                    }
                }
                """.formatted(
                        host, CURL, livez, priority, network.ipv4(host), peerAddresses, address));
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
