package org.ringcert.daemon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationException;
import org.ringcert.daemon.config.ConfigurationLoader;

/** The options of every command that works for a node. */
final class NodeOptions {

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final Supplier<Optional<String>> file;
    private final Supplier<Optional<String>> node;
    private final Supplier<Optional<String>> store;

    NodeOptions(Command command) {
        file = command.option("--config", "FILE", "the configuration (default: /etc/ringcert/ringcert.toml)");
        node = command.option(
                "--node",
                "NAME",
                "which of its nodes this is (default: RINGCERT_NODE, else the one named like this host)");
        store = command.option("--store", "DIR", "another store than the configuration names");
    }

    /**
     * The configuration, and this node of it.
     *
     * @throws UsageException if anything about it is wrong
     */
    ConfiguredNode load() throws UsageException {
        try {
            Configuration written = ConfigurationLoader.load(file());
            Configuration configuration =
                    store.get().map(Path::of).map(written::withStore).orElse(written);
            return new ConfiguredNode(
                    configuration, configuration.whichNode(node.get(), System.getenv(), NodeOptions::hostName));
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
        if (file().equals(ConfigurationLoader.DEFAULT_FILE) && Files.notExists(file())) {
            return Optional.empty();
        }
        try {
            return Optional.of(ConfigurationLoader.load(file()));
        } catch (ConfigurationException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** The folder of the store: {@code --store}, else the configuration's, else the usual one. */
    Path store(Optional<Configuration> configuration) {
        return store.get()
                .map(folder -> Path.of(folder).toAbsolutePath())
                .or(() -> configuration.map(Configuration::store))
                .orElse(Configuration.DEFAULT_STORE);
    }

    private Path file() {
        return file.get().map(Path::of).orElse(ConfigurationLoader.DEFAULT_FILE);
    }

    /**
     * As the kernel knows it. Java's own way asks the resolver for the name's address first, and has no name where that
     * has none.
     */
    static String hostName() {
        try {
            return Files.readString(HOST_NAME);
        } catch (IOException e) {
            return "";
        }
    }
}
