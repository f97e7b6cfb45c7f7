package org.ringcert.daemon.cli;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.ringcert.daemon.ClusterLook;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.VisitorViews;
import org.ringcert.daemon.cli.StatusReport.Scope;
import org.ringcert.daemon.cli.StatusReport.ShownStatus;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.status.MatrixView;
import org.ringcert.daemon.status.NodeStatus;
import org.ringcert.daemon.status.StatusJson;
import org.ringcert.http.HostResolver;
import org.ringcert.json.JsonFormat;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.view.visitor.VisitorView;

/** {@code ringcert status}: this node's certificates, and what visitors get from all servers, for any user. */
final class StatusCommand extends Command {

    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(5);

    private final BooleanSupplier all = flag(
            "--all",
            "also show what each server presents to visitors of each site, by a TLS handshake for each; every server"
                    + " is asked by this command, so no daemon is needed");
    private final BooleanSupplier watch = flag(
            "--watch",
            "as --all, again every " + WATCH_INTERVAL.toSeconds() + " seconds until Ctrl-C; with --json, a line each"
                    + " time");
    private final BooleanSupplier strict =
            flag("--strict", "as --all; failures at other servers count for the exit status, too");
    private final BooleanSupplier json = flag("--json", "print JSON for programs; later versions only add keys");
    private final NodeOptions options = new NodeOptions(this);

    StatusCommand() {
        super(
                "Shows the certificates of this node and any problems with them.",
                "Any user may run this. The exit status is also 2 if this user is not allowed to see any certificate."
                        + " With --all, it is 1 as well if visitors of this server see an error; what visitors of other"
                        + " servers see counts with --strict only. Warnings do not count. After Ctrl-C it is that of"
                        + " the last look.");
    }

    @Override
    public Integer call() throws UsageException, StoreException, InterruptedException {
        ConfiguredNode node = options.load();
        if (watch.getAsBoolean()) {
            return watch(node);
        }
        return all.getAsBoolean() || strict.getAsBoolean() ? showAll(node) : showThisNode(node);
    }

    private int showThisNode(ConfiguredNode node) throws UsageException, StoreException {
        Instant now = Instant.now();
        NodeStatus status = status(node, look(node.configuration()), now);
        StatusReport report = new StatusReport(new ShownStatus.Visible(status), Optional.empty(), now);
        boolean isPrinted =
                print(json.getAsBoolean() ? StatusJson.of(status, now) : report.text(Screen.ofStandardOutput()));
        return isPrinted ? report.exitStatus(Scope.THIS_SERVER) : ExitStatus.FAILED;
    }

    private int showAll(ConfiguredNode node) throws StoreException, InterruptedException {
        try (ProgressLine line = ProgressLine.onTerminal(err())) {
            StatusReport report = report(node, line);
            line.clear();
            return show(report, JsonFormat.Layout.INDENTED) ? report.exitStatus(scope()) : ExitStatus.FAILED;
        }
    }

    private int watch(ConfiguredNode node) throws StoreException, InterruptedException {
        try (StatusWatch watch = StatusWatch.start(WATCH_INTERVAL)) {
            while (true) {
                StatusReport report;
                try (ProgressLine line = ProgressLine.onTerminal(err())) {
                    report = report(node, line);
                }
                if (!redraw(report)) {
                    return ExitStatus.FAILED;
                }
                watch.awaitNext(report.exitStatus(scope()));
            }
        }
    }

    private boolean redraw(StatusReport report) {
        Screen screen = Screen.ofStandardOutput();
        if (json.getAsBoolean() || !screen.isTerminal()) {
            return show(report, JsonFormat.Layout.LINE);
        }
        return print(StatusWatch.redraw(report, screen));
    }

    private boolean show(StatusReport report, JsonFormat.Layout layout) {
        if (!json.getAsBoolean()) {
            return print(report.text(Screen.ofStandardOutput()));
        }
        report.writeJson(layout, out());
        return print("");
    }

    private Scope scope() {
        return strict.getAsBoolean() ? Scope.ALL_SERVERS : Scope.THIS_SERVER;
    }

    private static StatusReport report(ConfiguredNode node, ProgressLine line)
            throws StoreException, InterruptedException {
        Configuration configuration = node.configuration();
        try {
            Store store = look(configuration);
            MatrixView matrix = look(
                    node,
                    VisitorViews.of(configuration, node.self(), store, new HostResolver(), Clock.systemUTC()),
                    line);
            // After the looks, so that both are as new as can be.
            Instant now = Instant.now();
            return new StatusReport(new ShownStatus.Visible(status(node, store, now)), Optional.of(matrix), now);
        } catch (UsageException e) {
            MatrixView matrix = look(
                    node,
                    VisitorViews.withoutStore(configuration, node.self(), new HostResolver(), Clock.systemUTC()),
                    line);
            String restriction = String.valueOf(e.getMessage());
            return new StatusReport(new ShownStatus.Hidden(restriction), Optional.of(matrix), Instant.now());
        }
    }

    private static MatrixView look(ConfiguredNode node, VisitorView view, ProgressLine line)
            throws InterruptedException {
        return new ClusterLook(node.configuration(), node.self(), view::look, VisitorViews.TIMEOUT, line::showLooks)
                .run();
    }

    private static NodeStatus status(ConfiguredNode node, Store store, Instant now) throws StoreException {
        Configuration configuration = node.configuration();
        return NodeStatus.of(
                node.self(),
                LocalNode.specs(configuration, node.self()),
                node.caNames(),
                directory ->
                        configuration.authority(directory).configuredBinding().fileProblem(),
                store,
                now);
    }

    private static Store look(Configuration configuration) throws UsageException, StoreException {
        try {
            return Store.inspect(configuration.store(), Clock.systemUTC());
        } catch (StoreException e) {
            if (e.isPermissionDenied()) {
                throw new UsageException(e.getMessage());
            }
            throw e;
        }
    }
}
