package org.ringcert.daemon.cli;

import java.time.Clock;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.status.NodeStatus;
import org.ringcert.daemon.status.StatusJson;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** {@code ringcert status}: the state of this node's certificates, for any user. */
final class StatusCommand extends Command {

    private final BooleanSupplier json = flag("--json", "print JSON for programs; later versions only add keys");
    private final NodeOptions options = new NodeOptions(this);

    StatusCommand() {
        super(
                "Shows the certificates of this node and any problems with them.",
                "Any user may run this. The exit status is also 2 if this user is not allowed to see any certificate.");
    }

    @Override
    public Integer call() throws UsageException, StoreException {
        ConfiguredNode node = options.load();
        Instant now = Instant.now();
        NodeStatus status = status(node, now);
        out().print(json.getAsBoolean() ? StatusJson.of(status, now) : StatusTable.of(status, now));
        out().flush();
        return switch (status.health()) {
            case GOOD -> ExitStatus.OK;
            case PROBLEM -> ExitStatus.FAILED;
            case UNKNOWN -> ExitStatus.USAGE;
        };
    }

    private static NodeStatus status(ConfiguredNode node, Instant now) throws UsageException, StoreException {
        Configuration configuration = node.configuration();
        Store store = look(configuration);
        return NodeStatus.of(
                node.self(),
                LocalNode.specs(configuration),
                node.caNames(),
                directory ->
                        configuration.authority(directory).configuredBinding().fileProblem(),
                store,
                now);
    }

    private static Store look(Configuration configuration) throws UsageException, StoreException {
        try {
            return Store.inspect(configuration.store(), Clock.systemUTC());
        } catch (StoreException e) {
            if (e.isPermissionDenied()) {
                throw new UsageException(e.getMessage());
            }
            throw e;
        }
    }
}
