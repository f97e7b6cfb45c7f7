package org.ringcert.daemon.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationException;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.config.LoadedConfiguration;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** The options of every command that works for a node: its configuration, its name and its store. */
final class NodeOptions {

    private static final Path KERNEL_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final Supplier<Optional<String>> file;
    private final Supplier<Optional<String>> node;
    private final Supplier<Optional<String>> store;
    private final Consumer<String> notices;

    /** Adds the options to a command. Notices about the file go to the command's standard error. */
    NodeOptions(Command command) {
        this(command, notice -> command.err().println(notice));
    }

    /** @param notices takes a line for each notice about the file, and for each problem with credentials */
    NodeOptions(Command command, Consumer<String> notices) {
        file = command.option(
                "--config", "FILE", "the configuration file (default: " + ConfigurationLoader.DEFAULT_FILE + ")");
        node = command.option(
                "--node",
                "NAME",
                "which node of the configuration this server is" + " (default: the variable "
                        + Configuration.NODE_VARIABLE + ", else the node with this host's name)");
        store = command.option("--store", "DIR", "the store to use instead of the configured one");
        this.notices = notices;
    }

    /**
     * Loads the configuration and finds this node in it. Notices about the file are not reported.
     *
     * @throws UsageException if the configuration has mistakes or this node is not in it
     */
    ConfiguredNode load() throws UsageException {
        return load(loadFile());
    }

    /** As {@link #load}, and reports the notices. For whoever wants to know what the file leads to. */
    ConfiguredNode loadWithNotices() throws UsageException {
        LoadedConfiguration loaded = loadFile();
        loaded.noticeLines().forEach(notices);
        return load(loaded);
    }

    /** As {@link #loadForOrders}, and reports the notices. */
    ConfiguredNode loadForDaemon() throws UsageException {
        LoadedConfiguration loaded = loadFile();
        loaded.noticeLines().forEach(notices);
        return loadForOrders(loaded);
    }

    /**
     * Loads the configuration as {@link #load} does, for a command that orders certificates. Such a command may have to
     * make an account, and then needs the credentials that a CA has given to its customer.
     *
     * <p>A problem with such credentials becomes a notice, because other CAs can be used all the same.
     *
     * @throws UsageException also if such problems leave no CA to order from
     */
    ConfiguredNode loadForOrders() throws UsageException {
        return loadForOrders(loadFile());
    }

    private ConfiguredNode loadForOrders(LoadedConfiguration loaded) throws UsageException {
        ConfiguredNode node = load(loaded);
        try {
            loaded.bindingProblems(directory -> hasAccount(node.configuration(), directory))
                    .forEach(notices);
        } catch (ConfigurationException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        return node;
    }

    private static boolean hasAccount(Configuration configuration, URI directory) {
        try {
            return Store.inspect(configuration.store(), Clock.systemUTC())
                    .accounts()
                    .isRegistered(directory);
        } catch (StoreException e) {
            return false;
        }
    }

    private ConfiguredNode load(LoadedConfiguration loaded) throws UsageException {
        Configuration written = loaded.configuration();
        Configuration configuration =
                store.get().map(Path::of).map(written::withStore).orElse(written);
        try {
            return new ConfiguredNode(
                    configuration, configuration.whichNode(node.get(), System.getenv(), NodeOptions::hostName));
        } catch (ConfigurationException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Loads the configuration. Empty if no file was named and there is none in the default place.
     *
     * @throws UsageException if the configuration has mistakes
     */
    Optional<Configuration> loadIfPresent() throws UsageException {
        if (file().equals(ConfigurationLoader.DEFAULT_FILE) && Files.notExists(file())) {
            return Optional.empty();
        }
        return Optional.of(loadFile().configuration());
    }

    private LoadedConfiguration loadFile() throws UsageException {
        try {
            return ConfigurationLoader.loadWithNotices(file());
        } catch (ConfigurationException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** Returns the store's directory: {@code --store}, else the configured one, else the default. */
    Path store(Optional<Configuration> configuration) {
        return store.get()
                .map(directory -> Path.of(directory).toAbsolutePath())
                .or(() -> configuration.map(Configuration::store))
                .orElse(Configuration.DEFAULT_STORE);
    }

    /** Returns whether the file is the one in the default place. */
    boolean isDefaultFile() {
        return file().toAbsolutePath().normalize().equals(ConfigurationLoader.DEFAULT_FILE);
    }

    private Path file() {
        return file.get().map(Path::of).orElse(ConfigurationLoader.DEFAULT_FILE);
    }

    /**
     * Returns the name that the kernel has for this host, or an empty one. Java's own way first asks the resolver for
     * the name's address, and fails if there is none.
     */
    static String hostName() {
        try {
            return Files.readString(KERNEL_HOST_NAME);
        } catch (IOException e) {
            return "";
        }
    }
}
