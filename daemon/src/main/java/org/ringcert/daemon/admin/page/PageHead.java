package org.ringcert.daemon.admin.page;

import java.time.Instant;
import org.ringcert.daemon.status.HumanTime;

/**
 * What all pages have at their top.
 *
 * @param title of the document
 * @param node this server's name
 * @param seen when the content was true, to the second
 */
public record PageHead(String title, String node, String version, String seen) {

    private static final int SECOND_START = 16;

    static PageHead of(String title, ClusterSnapshot cluster) {
        return new PageHead(title, cluster.self().value(), cluster.version(), toSecond(cluster.now()));
    }

    /** Returns {@code 2026-11-23 10:15:32Z}. */
    private static String toSecond(Instant moment) {
        String toMinute = HumanTime.toMinute(moment);
        return toMinute.substring(0, SECOND_START) + ":%02dZ".formatted(moment.getEpochSecond() % 60);
    }
}
