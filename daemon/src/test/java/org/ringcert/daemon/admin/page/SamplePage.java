package org.ringcert.daemon.admin.page;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.ringcert.daemon.admin.AdminRoutes;
import org.ringcert.daemon.admin.AdminServer;
import org.ringcert.daemon.admin.page.HistoryItem.Outcome;
import org.ringcert.view.visitor.Flaw;

/**
 * Serves the page with a cluster that exists only in memory, to look at its design in a browser, and to measure it. The
 * arguments are the port, the number of servers and the number of sites.
 */
final class SamplePage {

    private SamplePage() {}

    public static void main(String[] arguments) throws InterruptedException {
        int nodes = Integer.parseInt(arguments[1]);
        int sites = Integer.parseInt(arguments[2]);
        SampleCluster cluster = new SampleCluster(nodes, sites);
        if (arguments.length > 3) {
            addTrouble(cluster, nodes, sites);
        }
        AdminRoutes.Builder routes =
                AdminRoutes.builder().page("/", new OverviewPage(cluster)).pages(SitePage.PATH, new SitePage(cluster));
        StaticFiles.paths().forEach(path -> routes.page(path, new StaticFiles()));
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        try (AdminServer server = AdminServer.start(address, cluster.node(0), routes.build(), _ -> Optional.empty())) {
            System.out.println(
                    "http://127.0.0.1:" + server.address().orElseThrow().getPort() + "/");
            new CountDownLatch(1).await();
        }
    }

    private static void addTrouble(SampleCluster cluster, int nodes, int sites) {
        cluster.silence(1);
        cluster.put(
                sites - 1,
                nodes - 1,
                -3,
                new Flaw(
                        Flaw.Kind.EXPIRED,
                        Flaw.Severity.FAILURE,
                        "the certificate expired 3 days ago",
                        "Look at the log of web2.example.org; `ringcert renew` there orders a new one."));
        for (int site = 0; site < sites; site++) {
            cluster.putNothing(
                    site,
                    1,
                    new Flaw(
                            Flaw.Kind.UNREACHABLE,
                            Flaw.Severity.FAILURE,
                            "nothing answers within 5 seconds",
                            "Is web1.example.org up? Does a firewall drop port 443?"));
        }
        cluster.put(
                0,
                0,
                12,
                new Flaw(
                        Flaw.Kind.EXPIRES_SOON,
                        Flaw.Severity.WARNING,
                        "it should have been renewed by now",
                        "Run `ringcert status` here."));
        cluster.add(new HistoryItem(
                SampleCluster.NOW.minus(Duration.ofHours(1)),
                Outcome.GOOD,
                "Installed the certificate 03a1f0c29b7d",
                "",
                List.of()));
        cluster.add(new HistoryItem(
                SampleCluster.NOW.minus(Duration.ofMinutes(62)),
                Outcome.NEUTRAL,
                "Validated site0.example.org",
                "",
                List.of(
                        "http://site0.example.org/.well-known/acme-challenge/… at 192.0.2.11, port 80",
                        "http://web0.example.org/.well-known/acme-challenge/… at 192.0.2.10, port 80")));
        cluster.add(new HistoryItem(
                SampleCluster.NOW.minus(Duration.ofHours(9)),
                Outcome.BAD,
                "The order failed",
                "During secondary validation: 192.0.2.11: Fetching"
                        + " http://site0.example.org/.well-known/acme-challenge/…: Timeout during connect (likely"
                        + " firewall problem) (urn:ietf:params:acme:error:connection)",
                List.of()));
    }
}
