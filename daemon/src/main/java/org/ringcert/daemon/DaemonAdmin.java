package org.ringcert.daemon;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.admin.AdminResponse;
import org.ringcert.daemon.admin.AdminRoutes;
import org.ringcert.daemon.admin.AdminServer;
import org.ringcert.daemon.admin.ReadyHandler;
import org.ringcert.daemon.config.ListenAddress;
import org.ringcert.daemon.front.ListeningProcess;
import org.ringcert.daemon.ready.SharedReadiness;

/** The admin server of a daemon, wired from its parts: each path is listed here with what answers it. */
final class DaemonAdmin {

    private final Supplier<LocalNode> node;
    private final BooleanSupplier isWorking;

    /**
     * @param node returns the node under the configuration that is in force
     * @param isWorking returns whether the daemon's front is open and its worker runs
     */
    DaemonAdmin(Supplier<LocalNode> node, BooleanSupplier isWorking) {
        this.node = node;
        this.isWorking = isWorking;
    }

    /** Starts the server at the address that the configuration has for this node. Returns none if it has none. */
    Optional<AdminServer> start() {
        HostName self = node.get().cluster().self().name();
        return node.get()
                .configuration()
                .node(self)
                .admin()
                .map(ListenAddress::socketAddress)
                .map(address -> AdminServer.start(address, self, routes(), DaemonAdmin::portOwner));
    }

    private AdminRoutes routes() {
        return AdminRoutes.builder()
                .probe("/healthz", _ -> health())
                .probe("/readyz", readyHandler())
                .build();
    }

    private ReadyHandler readyHandler() {
        ReadyLooks looks = new ReadyLooks();
        return new ReadyHandler(
                () -> node.get().configuration(),
                node.get().cluster().self().name(),
                new SharedReadiness(question -> looks.look(node.get(), question)));
    }

    private AdminResponse health() {
        return isWorking.getAsBoolean()
                ? AdminResponse.text(200, "the daemon works")
                : AdminResponse.text(503, "the daemon is stopping");
    }

    private static Optional<String> portOwner(InetSocketAddress address) {
        return ListeningProcess.findAll(address.getAddress(), address.getPort()).stream()
                .findFirst()
                .map(ListeningProcess::toString);
    }
}
