package org.ringcert.daemon.cli;

import java.util.ArrayList;
import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.PublicCa;
import org.ringcert.daemon.status.CaNames;
import org.ringcert.store.StoreException;

/**
 * A configuration and which of its nodes this server is.
 *
 * @param self the name of this node
 */
record ConfiguredNode(Configuration configuration, HostName self) {

    /** Returns the names of CAs under this configuration, which are those that it uses for known CAs. */
    CaNames caNames() {
        return caNames(configuration);
    }

    /** Returns the names of CAs under a configuration, which are those that it uses for known CAs. */
    static CaNames caNames(Configuration configuration) {
        return new CaNames(
                directory -> PublicCa.named(directory.toString()).map(PublicCa::label),
                configuration.authorities().stream()
                        .map(AcmeSettings::directory)
                        .toList());
    }

    /**
     * Returns the sites with these names, each name being any of a site's; all sites if there are no names.
     *
     * @throws UsageException if a name belongs to no site
     */
    List<Site> sites(List<String> names) throws UsageException {
        List<Site> chosen = new ArrayList<>();
        for (String name : names) {
            chosen.add(site(name));
        }
        return names.isEmpty() ? configuration.sites() : chosen;
    }

    private Site site(String name) throws UsageException {
        try {
            return configuration
                    .site(HostName.of(name))
                    .orElseThrow(() -> new UsageException(
                            name + " is not a site of the configuration, which has " + configuration.sites()));
        } catch (IllegalArgumentException e) {
            throw new UsageException(name + " is not a site: " + e.getMessage());
        }
    }

    /** @throws StoreException if the store cannot be used */
    LocalNode open() throws StoreException {
        return new LocalNode(configuration, self);
    }
}
