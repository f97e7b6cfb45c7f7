package org.ringcert.daemon.admin.page;

import java.util.ArrayList;
import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.admin.page.ClusterSnapshot.RingNode;
import org.ringcert.daemon.status.HumanTime;
import org.ringcert.daemon.status.NodeNames;

/**
 * A server in words.
 *
 * @param label its name without what all servers' names have in common
 * @param port80 whether its port 80 answers
 * @param port80Css the name of its class in the style sheet
 * @param counts what visitors get there
 */
public record ServerView(
        String name, String label, boolean isSelf, String port80, String port80Css, CellCounts counts) {

    static List<ServerView> all(ClusterSnapshot cluster, Levels levels) {
        NodeNames names = new NodeNames(cluster.matrix().nodes());
        List<ServerView> servers = new ArrayList<>();
        for (int i = 0; i < cluster.ring().size(); i++) {
            RingNode node = cluster.ring().get(i);
            HostName name = node.name();
            servers.add(new ServerView(
                    name.value(),
                    names.brief(name),
                    name.equals(cluster.self()),
                    port80(node),
                    css(node),
                    levels.servers().get(i)));
        }
        return servers;
    }

    /** Returns what visitors get there, in words. */
    public String certificates() {
        return counts.worst().mark() + (counts.equals(CellCounts.NONE) ? "none" : counts.words());
    }

    public String certificatesCss() {
        return counts.worst().css();
    }

    private static String port80(RingNode node) {
        return switch (node.port80()) {
            case OWN -> "this server";
            case ANSWERS -> "answers";
            case SILENT ->
                node.since()
                        .map(since -> "silent since " + HumanTime.toMinute(since))
                        .orElse("silent");
            case NOT_ASKED_YET -> "not asked yet";
        };
    }

    private static String css(RingNode node) {
        return switch (node.port80()) {
            case OWN -> "own";
            case ANSWERS -> "up";
            case SILENT -> "silent";
            case NOT_ASKED_YET -> "unknown";
        };
    }
}
