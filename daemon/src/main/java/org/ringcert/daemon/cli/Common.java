package org.ringcert.daemon.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationException;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.store.StoreException;
import picocli.CommandLine.Option;

/** The options of every command that works for a node. */
final class Common {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "the configuration (default: /etc/ringcert/ringcert.toml)")
    private Path file = ConfigurationLoader.DEFAULT_FILE;

    @Option(
            names = "--node",
            paramLabel = "NAME",
            description = "which of its nodes this is (default: RINGCERT_NODE, else the one named like this host)")
    private @Nullable String node;

    @Option(names = "--store", paramLabel = "DIR", description = "another store than the configuration names")
    private @Nullable Path store;

    /**
     * The configuration, and this node of it.
     *
     * @throws UsageException if anything about it is wrong
     */
    Loaded load() throws UsageException {
        try {
            Configuration written = ConfigurationLoader.load(file);
            Configuration configuration = store == null ? written : written.withStore(store);
            return new Loaded(
                    configuration,
                    configuration.whichNode(Optional.ofNullable(node), System.getenv(), Common::hostName));
        } catch (ConfigurationException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * The configuration, where the usual file is there or another is named.
     *
     * @throws UsageException if anything about it is wrong
     */
    Optional<Configuration> configurationIfAny() throws UsageException {
        if (file.equals(ConfigurationLoader.DEFAULT_FILE) && Files.notExists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ConfigurationLoader.load(file));
        } catch (ConfigurationException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** The folder of the store: {@code --store}, else the configuration's, else the usual one. */
    Path store(Optional<Configuration> configuration) {
        return store != null
                ? store.toAbsolutePath()
                : configuration.map(Configuration::store).orElse(Configuration.DEFAULT_STORE);
    }

    record Loaded(Configuration configuration, HostName self) {

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

        /** @throws UsageException if a file that the configuration names cannot be used */
        LocalNode open() throws UsageException, StoreException {
            try {
                return new LocalNode(configuration, self);
            } catch (IOException e) {
                throw new UsageException(String.valueOf(e.getMessage()));
            }
        }
    }

    static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "";
        }
    }
}
