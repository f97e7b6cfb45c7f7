package org.ringcert.daemon.admin.page;

import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.store.StoreException;

/** Where the page gets its content from. Thread-safe. */
public interface PageSource {

    /**
     * Returns what is known now. Looks at no server.
     *
     * @throws StoreException if the store cannot be read at all
     */
    ClusterSnapshot cluster() throws StoreException;

    /**
     * Returns what happened to a configured site on this server, the latest first.
     *
     * @throws StoreException if the history cannot be read
     */
    List<HistoryItem> history(HostName site) throws StoreException;
}
