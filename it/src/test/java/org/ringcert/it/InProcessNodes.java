package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.CaConnections;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.front.Front;
import org.ringcert.daemon.front.FrontListener;
import org.ringcert.demo.LocalCluster;
import org.ringcert.demo.TestCa;
import org.ringcert.handoff.HandoffListener;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.renew.RenewalMode;
import org.ringcert.renew.RenewalResult;
import org.ringcert.store.CertificateName;
import org.ringcert.view.ca.Walk;
import org.ringcert.view.ca.Walker;

/**
 * Nodes in this JVM, on real sockets, for handoff tests that need no processes. They order certificates only when
 * {@link #order} is called.
 */
final class InProcessNodes implements AutoCloseable {

    /** The only site of the cluster. */
    static final HostName SITE = new HostName("www.example.org");

    static final String THUMBPRINT = "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final InProcessOptions options;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<LocalNode> nodes = new ArrayList<>();
    private final List<Optional<Front>> fronts = new ArrayList<>();

    /**
     * What to start.
     *
     * @param watch the configuration value {@code watch}: how often a ring checks its peers, or "off"
     * @param down nodes that are configured but not started
     * @param ca the CA; without one, nodes cannot order
     * @param acme the tables of the CAs; without them, {@code ca} is the only one
     * @param clocks the clock of each node
     */
    record InProcessOptions(
            List<InetAddress> addresses,
            int port,
            HandoffMode mode,
            String watch,
            List<Integer> down,
            Optional<TestCa> ca,
            Optional<String> acme,
            IntFunction<Clock> clocks) {

        /** Returns options with all nodes up, no peer checks, no CA, and the system clock. */
        static InProcessOptions of(List<InetAddress> addresses, int port, HandoffMode mode) {
            return new InProcessOptions(
                    addresses,
                    port,
                    mode,
                    "off",
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    node -> Clock.systemUTC());
        }

        InProcessOptions watch(String interval) {
            return new InProcessOptions(addresses, port, mode, interval, down, ca, acme, clocks);
        }

        InProcessOptions down(List<Integer> gone) {
            return new InProcessOptions(addresses, port, mode, watch, gone, ca, acme, clocks);
        }

        InProcessOptions ca(TestCa authority) {
            return new InProcessOptions(addresses, port, mode, watch, down, Optional.of(authority), acme, clocks);
        }

        InProcessOptions clocks(IntFunction<Clock> ofNode) {
            return new InProcessOptions(addresses, port, mode, watch, down, ca, acme, ofNode);
        }

        InProcessOptions acme(String tables) {
            return new InProcessOptions(addresses, port, mode, watch, down, ca, Optional.of(tables), clocks);
        }
    }

    /**
     * Starts the fronts.
     *
     * @param folder for the configuration and the stores
     */
    InProcessNodes(Path folder, InProcessOptions options) throws Exception {
        this.options = options;
        Path file = Files.createDirectories(folder).resolve("ringcert.toml");
        Files.writeString(file, toml());
        Configuration configuration = ConfigurationLoader.load(file);
        for (int node = 0; node < options.addresses().size(); node++) {
            LocalNode local = new LocalNode(
                    configuration.withStore(folder.resolve("store" + node)),
                    LocalCluster.name(node),
                    options.clocks().apply(node));
            nodes.add(local);
            fronts.add(
                    options.down().contains(node)
                            ? Optional.empty()
                            : Optional.of(local.startFront(HandoffListener.NONE, FrontListener.NONE)));
        }
        // Only now, because checks must not start before all nodes are up.
        for (int node = 0; node < nodes.size(); node++) {
            LocalNode local = nodes.get(node);
            if (fronts.get(node).isPresent() && local.peerCheckInterval().isPresent()) {
                Duration interval = local.peerCheckInterval().get();
                Thread.ofVirtual().start(() -> local.peerMonitor().run(interval, stop));
            }
        }
    }

    InetAddress address(int node) {
        return options.addresses().get(node);
    }

    LocalNode node(int node) {
        return nodes.get(node);
    }

    /** Writes a key authorization to the node's challenge directory, as another program would. */
    void hold(int node, KeyAuthorization keyAuthorization) throws IOException {
        Files.writeString(challenge(node, keyAuthorization.token()), keyAuthorization.text());
    }

    /** Removes what {@link #hold} has written. */
    void release(int node, Token token) throws IOException {
        Files.delete(challenge(node, token));
    }

    private Path challenge(int node, Token token) {
        return nodes.get(node).store().challenges().resolve(token.value());
    }

    /** Validates the site as a CA does, with the site's name leading to the given node. */
    Walk walk(int entry, Token token) {
        return walk(entry, token, this::address);
    }

    /** Validates the site with the given address for each node, for tests that replace some nodes by other servers. */
    Walk walk(int entry, Token token, IntFunction<InetAddress> addresses) {
        MappedDns dns = new MappedDns(name -> addresses.apply(
                name.equals(SITE) ? entry : Integer.parseInt(name.firstLabel().substring(3))));
        return new Walker(dns, MappedDns.privateCa(options.port())).walk(SITE, token, Duration.ofSeconds(20));
    }

    /** Waits until the node, in mode {@code ring}, no longer redirects to the nodes that are down. */
    void awaitStepsOverDownNodes(int entry) {
        URI unknown = URI.create("http://" + address(entry).getHostAddress() + ":" + options.port()
                + new Token(Tokens.unknown()).path());
        await().atMost(TIMEOUT).until(() -> {
            HttpURLConnection connection = (HttpURLConnection) unknown.toURL().openConnection();
            connection.setInstanceFollowRedirects(false);
            Optional<String> location = Optional.ofNullable(connection.getHeaderField("Location"));
            connection.disconnect();
            return location.isPresent()
                    && options.down().stream()
                            .noneMatch(node -> location.get()
                                    .contains(LocalCluster.name(node).value()));
        });
    }

    /**
     * Orders a certificate on the node even if none is due, and checks that it is issued.
     *
     * @param onEvent receives the steps of the issuance
     */
    void order(int node, Consumer<IssuanceEvent> onEvent) {
        LocalNode local = nodes.get(node);
        IssuanceListener listener = new IssuanceListener() {
            @Override
            public void onEvent(CertificateName certificate, IssuanceEvent event) {
                onEvent.accept(event);
            }
        };
        try (CaConnections cas = local.connectToCas()) {
            assertThat(local.renewals(cas, listener).pass(local.specs(), RenewalMode.FORCE))
                    .as("%s", local.cluster().self())
                    .singleElement()
                    .isInstanceOf(RenewalResult.Renewed.class);
        }
    }

    /** Stops the node. */
    void stop(int node) {
        fronts.set(node, fronts.get(node).flatMap(front -> {
            front.close();
            return Optional.empty();
        }));
    }

    @Override
    public void close() {
        stop.countDown();
        fronts.forEach(front -> front.ifPresent(Front::close));
    }

    private String toml() {
        return LocalCluster.nodeTables(options.addresses(), options.port())
                + options.ca()
                        .map(ca -> "[check]\nresolver = \"127.0.0.1:%d\"\n".formatted(ca.dnsPort()))
                        .orElse("")
                + options.acme().orElseGet(this::onlyCa)
                + """
                [[site]]
                names = ["%s"]
                [front]
                handoff = "%s"
                watch = "%s"
                """.formatted(SITE, options.mode().label(), options.watch());
    }

    private String onlyCa() {
        URI directory = options.ca().map(TestCa::directory).orElse(URI.create("http://127.0.0.1:1/directory"));
        return """
                [acme]
                directory = "%s"
                %s
                agree-to-terms = true
                """.formatted(
                directory,
                options.ca().map(ca -> "ca-file = \"" + ca.caFile() + "\"").orElse(""));
    }
}
