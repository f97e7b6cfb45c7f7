package org.ringcert.daemon.cli;

import java.util.ArrayList;
import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.store.StoreException;

/**
 * This node and the configuration it works under.
 *
 * @param self the node's name in that configuration
 */
record ConfiguredNode(Configuration configuration, HostName self) {

    /**
     * The sites that a user means, each by one of its names; all where none is named.
     *
     * @throws UsageException if a name belongs to no site
     */
    List<Site> sites(List<String> names) throws UsageException {
        List<Site> chosen = new ArrayList<>();
        for (String name : names) {
            try {
                chosen.add(configuration
                        .site(HostName.of(name))
                        .orElseThrow(() -> new UsageException(
                                name + " is no site of the configuration; there are: " + configuration.sites())));
            } catch (IllegalArgumentException e) {
                throw new UsageException(name + " is no site: " + e.getMessage());
            }
        }
        return names.isEmpty() ? configuration.sites() : chosen;
    }

    LocalNode open() throws StoreException {
        return new LocalNode(configuration, self);
    }
}
