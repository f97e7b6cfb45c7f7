package org.ringcert.daemon.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.CaConnections;
import org.ringcert.daemon.ClusterViews;
import org.ringcert.daemon.ProbeSession;
import org.ringcert.daemon.check.CheckInputs;
import org.ringcert.daemon.check.CheckJson;
import org.ringcert.daemon.check.CheckProgress;
import org.ringcert.daemon.check.CheckReport;
import org.ringcert.daemon.check.CheckText;
import org.ringcert.daemon.check.ClusterCheck;
import org.ringcert.store.StoreException;
import org.ringcert.view.ca.Viewpoint;

/** {@code ringcert check}: would the next order of this node succeed? */
final class CheckCommand extends Command {

    private final Supplier<List<String>> names = parameters("SITE", "check only these sites (default: all)");
    private final BooleanSupplier json = flag("--json", "print JSON for programs; later versions only add keys");
    private final List<String> notices = new ArrayList<>();
    private final NodeOptions options = new NodeOptions(this, notices::add);

    CheckCommand() {
        super(
                "Looks at the cluster as a CA does, from this server and from its peers, and says what would make an"
                        + " order fail.",
                "Nothing is ordered. The exit status is 0 if there are warnings at most.");
    }

    @Override
    public Integer call() throws Exception {
        ConfiguredNode node = options.loadForDaemon();
        List<Site> sites = node.sites(names.get()).stream().distinct().toList();
        CheckReport report = check(node, sites);
        boolean isPrinted = print(json.getAsBoolean() ? CheckJson.of(report) : CheckText.of(report));
        return isPrinted && report.isReady() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private CheckReport check(ConfiguredNode node, List<Site> sites) throws Exception {
        try (ProgressLine line = ProgressLine.onTerminal(err())) {
            CheckProgress progress = line::showLooks;
            ClusterCheck check = new ClusterCheck(node.configuration(), notices, sites, progress);
            try (ProbeSession session = ProbeSession.open(node.configuration(), node.self(), ClusterCheck.PROBES);
                    CaConnections connections = session.node().connectToCas()) {
                return check.run(inputs(session, connections));
            } catch (StoreException e) {
                return check.withoutStore(node.self(), e);
            }
        }
    }

    private static CheckInputs inputs(ProbeSession session, CaConnections connections) {
        ClusterViews views = session.node().views();
        List<Viewpoint> viewpoints = new ArrayList<>();
        viewpoints.add(views.local());
        viewpoints.addAll(views.peers());
        return new CheckInputs(
                viewpoints,
                views.dns(),
                views.rules(),
                connections.authorities(),
                session.store(),
                session.correctedModes(),
                session.frontState(),
                session.probes());
    }
}
