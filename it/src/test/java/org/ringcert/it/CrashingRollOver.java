package org.ringcert.it;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.CaConnections;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.NodeProcess;
import org.ringcert.issue.AccountManager;
import org.ringcert.issue.IssuanceListener;

/** {@code ringcert account roll-over} as a process that halts at a given point, as if by {@code kill -9}. */
final class CrashingRollOver {

    private CrashingRollOver() {}

    /** Starts such a process. Wait for it with {@link CrashingRenewal#awaitCrash}. */
    static ChildProcess start(Testbed testbed, Path folder, int node, String point) throws IOException {
        List<String> command = NodeProcess.java(
                NodeJvm.flags(PebbleRelease.INSTALLED.binaries()),
                CrashingRollOver.class.getName(),
                List.of(
                        testbed.cluster().configuration().toString(),
                        testbed.cluster().node(node).value(),
                        testbed.cluster().store(node).toString(),
                        point));
        return ChildProcess.start(point, command, Map.of(), folder.resolve("roll-over-" + node));
    }

    /**
     * Rolls the account of the only CA over and halts at the given point.
     *
     * @param arguments configuration, node, store, and the point
     */
    public static void main(String[] arguments) throws Exception {
        LocalNode node = new LocalNode(
                ConfigurationLoader.load(Path.of(arguments[0])).withStore(Path.of(arguments[2])),
                new HostName(arguments[1]));
        CrashPoint point = new CrashPoint(arguments[3]);
        try (CaConnections cas = node.connectToCas()) {
            CertificateAuthority crashing =
                    new CrashingAuthority(cas.authorities().getFirst(), point);
            AccountManager manager = new AccountManager(
                    crashing, node.store(), Clock.systemUTC(), new SecureRandom(), IssuanceListener.NONE);
            System.out.println(manager.rollOver(
                    node.configuration().sites().stream().map(Site::name).toList(), _ -> {}));
        }
    }
}
