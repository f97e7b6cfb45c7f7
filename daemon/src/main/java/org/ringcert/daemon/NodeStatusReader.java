package org.ringcert.daemon;

import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.PublicCa;
import org.ringcert.daemon.status.CaNames;
import org.ringcert.daemon.status.NodeStatus;
import org.ringcert.store.StoreException;

/** Reads the status of a node under its configuration. Stateless. */
public final class NodeStatusReader {

    private NodeStatusReader() {}

    /**
     * Returns the state of a node's certificates. Reads its store.
     *
     * @throws StoreException if the certificates in the store cannot be listed
     */
    public static NodeStatus read(LocalNode node) throws StoreException {
        Configuration configuration = node.configuration();
        return NodeStatus.of(
                node.cluster().self().name(),
                node.specs(),
                caNames(configuration),
                directory ->
                        configuration.authority(directory).configuredBinding().fileProblem(),
                node.store(),
                node.clock().instant());
    }

    /** Returns the names of CAs under a configuration, which are those that it uses for known CAs. */
    public static CaNames caNames(Configuration configuration) {
        return new CaNames(
                directory -> PublicCa.named(directory.toString()).map(PublicCa::label),
                configuration.authorities().stream()
                        .map(AcmeSettings::directory)
                        .toList());
    }
}
