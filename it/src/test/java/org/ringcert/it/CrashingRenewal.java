package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.CaConnections;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.NodeProcess;
import org.ringcert.issue.AccountEvent;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.renew.RenewalMode;
import org.ringcert.store.CertificateName;

/**
 * {@code ringcert renew SITE} as a process that halts at a given point, as if by {@code kill -9}: it writes nothing and
 * runs no shutdown hook. The point is before or after a given call to the CA, or at a given event.
 */
public final class CrashingRenewal {

    private CrashingRenewal() {}

    /**
     * Starts such a process.
     *
     * @param folder for its output
     * @param ca the directory of the CA whose calls count
     */
    static ChildProcess start(Testbed testbed, Path folder, int node, int site, String point, URI ca)
            throws IOException {
        String name = testbed.cluster().sites().get(site).toString();
        return start(
                NodeJvm.flags(PebbleRelease.INSTALLED.binaries()),
                List.of(
                        testbed.cluster().configuration().toString(),
                        testbed.cluster().node(node).value(),
                        testbed.cluster().store(node).toString(),
                        name,
                        point,
                        ca.toString()),
                folder.resolve("crash-" + node + "-" + site));
    }

    /**
     * Starts such a process.
     *
     * @param arguments as for {@link #main}
     */
    public static ChildProcess start(List<String> jvmFlags, List<String> arguments, Path output) throws IOException {
        List<String> command = NodeProcess.java(jvmFlags, CrashingRenewal.class.getName(), arguments);
        return ChildProcess.start(arguments.get(4), command, Map.of(), output);
    }

    /** Waits until the process has halted at its point. */
    public static void awaitCrash(ChildProcess process) throws IOException {
        assertThat(process.awaitExit(Testbed.TIMEOUT)).as(process.output()).isEqualTo(CrashPoint.KILLED);
    }

    /**
     * Renews one site and halts at the given point.
     *
     * @param arguments configuration, node, store, site, the point: {@code before respond 2}, {@code after order 1},
     *     {@code in Ordered 1}, and the directory of the CA whose calls count
     */
    public static void main(String[] arguments) throws Exception {
        LocalNode node = new LocalNode(
                ConfigurationLoader.load(Path.of(arguments[0])).withStore(Path.of(arguments[2])),
                new HostName(arguments[1]));
        List<CertificateSpec> specs = node.specs().stream()
                .filter(spec -> spec.site().name().value().equals(arguments[3]))
                .toList();
        CrashPoint point = new CrashPoint(arguments[4]);
        try (CaConnections real = node.connectToCas()) {
            CaConnections crashing = new CaConnections(real.authorities().stream()
                    .map(authority -> authority.directory().toString().equals(arguments[5])
                            ? new CrashingAuthority(authority, point)
                            : authority)
                    .toList());
            node.renewals(crashing, new CrashingListener(point))
                    .pass(specs, RenewalMode.DUE_ONLY)
                    .forEach(System.out::println);
        }
    }

    private record CrashingListener(CrashPoint point) implements IssuanceListener {

        @Override
        public void onEvent(CertificateName name, IssuanceEvent event) {
            point.reached("in", event.getClass().getSimpleName());
        }

        @Override
        public void onAccountEvent(URI directory, AccountEvent event) {
            point.reached("in", event.getClass().getSimpleName());
        }
    }
}
