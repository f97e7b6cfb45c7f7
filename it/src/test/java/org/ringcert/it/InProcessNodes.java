package org.ringcert.it;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.demo.LocalCluster;
import org.ringcert.daemon.front.Front;
import org.ringcert.handoff.HandoffMode;

/** Fronts of many nodes in this process, on real sockets: where it is the hand-over that matters and not the processes. No CA, no orders. */
final class InProcessNodes implements AutoCloseable {

    private final List<InetAddress> addresses;
    private final int port;
    private final List<Path> stores = new ArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<Optional<Front>> fronts = new ArrayList<>();

    /**
     * Starts the fronts.
     *
     * @param folder for the configuration and the stores
     * @param watch how often a ring looks at its peers, or "off"
     * @param down nodes that are configured and not started
     */
    InProcessNodes(
            Path folder, List<InetAddress> addresses, int port, HandoffMode mode, String watch, List<Integer> down)
            throws Exception {
        this.addresses = addresses;
        this.port = port;
        Path file = folder.resolve("ringcert.toml");
        Files.writeString(file, toml(mode, watch));
        Configuration configuration = ConfigurationLoader.load(file);
        for (int node = 0; node < addresses.size(); node++) {
            Path store = folder.resolve("store" + node);
            stores.add(store);
            LocalNode local = new LocalNode(configuration.withStore(store), LocalCluster.name(node));
            boolean up = !down.contains(node);
            fronts.add(up ? Optional.of(local.front()) : Optional.empty());
            if (up && local.watchInterval().isPresent()) {
                Duration interval = local.watchInterval().get();
                Thread.ofVirtual().start(() -> local.watch().run(interval, stop));
            }
        }
    }

    int port() {
        return port;
    }

    InetAddress address(int node) {
        return addresses.get(node);
    }

    /** The node holds the key authorization from now on. */
    void hold(int node, KeyAuthorization keyAuthorization) throws IOException {
        Files.writeString(challenge(node, keyAuthorization.token()), keyAuthorization.text());
    }

    void release(int node, Token token) throws IOException {
        Files.delete(challenge(node, token));
    }

    private Path challenge(int node, Token token) {
        return stores.get(node).resolve("challenges").resolve(token.value());
    }

    @Override
    public void close() {
        stop.countDown();
        fronts.forEach(front -> front.ifPresent(Front::close));
    }

    private String toml(HandoffMode mode, String watch) {
        return LocalCluster.nodeTables(addresses, port) + """
                [[site]]
                names = ["www.example.org"]
                [acme]
                directory = "http://127.0.0.1:1/directory"
                agree-to-terms = true
                [front]
                handoff = "%s"
                watch = "%s"
                """.formatted(mode.label(), watch);
    }
}
