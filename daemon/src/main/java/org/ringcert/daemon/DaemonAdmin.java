package org.ringcert.daemon;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.admin.AdminResponse;
import org.ringcert.daemon.admin.AdminRoutes;
import org.ringcert.daemon.admin.AdminServer;
import org.ringcert.daemon.admin.LiveHandler;
import org.ringcert.daemon.admin.ReadyHandler;
import org.ringcert.daemon.admin.StatusHandler;
import org.ringcert.daemon.admin.page.OverviewPage;
import org.ringcert.daemon.admin.page.SitePage;
import org.ringcert.daemon.admin.page.StaticFiles;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ListenAddress;
import org.ringcert.daemon.front.ListeningProcess;
import org.ringcert.daemon.metrics.MetricsHandler;
import org.ringcert.daemon.metrics.NodeMetrics;
import org.ringcert.daemon.metrics.NodeState;
import org.ringcert.daemon.ready.SharedReadiness;
import org.ringcert.daemon.status.MatrixView;
import org.ringcert.daemon.status.NodeStatus;
import org.ringcert.store.StoreException;
import org.ringcert.view.visitor.Sight;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin server of a daemon, wired from its parts: each path is listed here with what answers it. */
final class DaemonAdmin {

    private static final Logger log = LoggerFactory.getLogger("ringcert.admin");

    private final Supplier<LocalNode> node;
    private final Sight sight;
    private final BooleanSupplier isWorking;
    private final RecentStatus<LocalNode> status;
    private final NodeMetrics metrics;

    /**
     * @param node returns the node under the configuration that is in force
     * @param isWorking returns whether the daemon's front is open and its worker runs
     */
    DaemonAdmin(Supplier<LocalNode> node, Sight sight, NodeMetrics metrics, BooleanSupplier isWorking) {
        this.node = node;
        this.sight = sight;
        this.metrics = metrics;
        this.status = new RecentStatus<>(node, NodeStatusReader::read, System::nanoTime);
        this.isWorking = isWorking;
    }

    /** Starts the server at the address that the configuration has for this node. Returns none if it has none. */
    Optional<AdminServer> start() {
        HostName self = node.get().cluster().self().name();
        Optional<AdminServer> server = node.get()
                .configuration()
                .node(self)
                .admin()
                .map(ListenAddress::socketAddress)
                .map(address -> AdminServer.start(address, self, routes(), DaemonAdmin::portOwner));
        server.ifPresent(_ -> status.prefetch());
        server.flatMap(AdminServer::url).ifPresent(url -> log.info("the admin page is at {}", url));
        return server;
    }

    private AdminRoutes routes() {
        PageContent content = new PageContent(node, status, this::matrix, sight);
        AdminRoutes.Builder routes = AdminRoutes.builder();
        StaticFiles.paths().forEach(path -> routes.file(path, new StaticFiles()));
        return routes.page("/", new OverviewPage(content))
                .pages(SitePage.PATH, new SitePage(content))
                .probe("/livez", liveHandler())
                .probe("/healthz", _ -> health())
                .slowProbe("/readyz", readyHandler())
                .page("/status.json", statusHandler())
                .page("/metrics", new MetricsHandler(metrics, this::state))
                .build();
    }

    private LiveHandler liveHandler() {
        return new LiveHandler(
                name -> node.get().configuration().site(name), sight, node.get().clock());
    }

    private StatusHandler statusHandler() {
        return new StatusHandler(status::get, this::matrix, sight, node.get().clock());
    }

    private NodeState state() {
        return new NodeState(
                readableStatus(),
                sight.targets().own().stream()
                        .flatMap(target -> sight.matrix().cell(target.key()).stream())
                        .toList(),
                sight.peers(),
                NodeStatusReader.caNames(node.get().configuration())::of,
                BuildVersion.CURRENT,
                node.get().clock().instant());
    }

    private Optional<NodeStatus> readableStatus() {
        try {
            return Optional.of(status.get());
        } catch (StoreException e) {
            return Optional.empty();
        }
    }

    private MatrixView matrix() {
        Configuration configuration = node.get().configuration();
        return MatrixView.of(
                node.get().cluster().self().name(),
                VisitorViews.rows(configuration),
                VisitorViews.nodes(configuration),
                sight.matrix()::cell);
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
