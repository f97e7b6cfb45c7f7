package org.ringcert.daemon.admin.page;

import java.util.List;
import org.ringcert.cluster.HostName;

/** Where the page gets its content from. Thread-safe. */
public interface PageSource {

    /** Returns what is known now. Returns soon: it looks at no server. */
    ClusterSnapshot cluster();

    /** Returns what happened to a configured site on this server, the latest first. */
    List<HistoryItem> history(HostName site);
}
