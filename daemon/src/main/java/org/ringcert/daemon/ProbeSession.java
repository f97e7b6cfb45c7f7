package org.ringcert.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.TestChallenge;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.FrontState;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.front.Front;
import org.ringcert.daemon.front.ListeningProcess;
import org.ringcert.http.HttpGet;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * Probes that this node has published, for as long as a command needs them. If no daemon answers on this server, the
 * command does. If there is no store yet, none is made: the probes are in a temporary directory then, so that nothing
 * belongs to the wrong user later.
 */
public final class ProbeSession implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    private final LocalNode node;
    private final Optional<Path> temporaryStore;
    private final Optional<TemporaryFront> front;
    private final List<TestChallenge> challenges;
    private final FrontState frontState;

    private ProbeSession(
            LocalNode node,
            Optional<Path> temporaryStore,
            Optional<TemporaryFront> front,
            List<TestChallenge> challenges) {
        this.node = node;
        this.temporaryStore = temporaryStore;
        this.front = front;
        this.challenges = challenges;
        this.frontState = findFrontState();
    }

    /**
     * Publishes probes.
     *
     * @param self the name of this node
     * @param probes how many
     * @throws StoreException if the store cannot be used
     */
    public static ProbeSession open(Configuration configuration, HostName self, int probes)
            throws StoreException, InterruptedException {
        Optional<Path> temporaryStore = Files.exists(configuration.store(), LinkOption.NOFOLLOW_LINKS)
                ? Optional.empty()
                : Optional.of(temporaryDirectory());
        try {
            LocalNode node =
                    new LocalNode(temporaryStore.map(configuration::withStore).orElse(configuration), self);
            return open(node, temporaryStore, probes);
        } catch (StoreException | InterruptedException | RuntimeException e) {
            temporaryStore.ifPresent(ProbeSession::deleteTree);
            throw e;
        }
    }

    private static ProbeSession open(LocalNode node, Optional<Path> temporaryStore, int probes)
            throws StoreException, InterruptedException {
        SecureRandom random = new SecureRandom();
        Optional<TemporaryFront> front = node.startTemporaryFront();
        List<TestChallenge> challenges = new ArrayList<>();
        try {
            // Without a daemon nobody else removes the test challenges of a command that was killed.
            node.challenges().removeExpired();
            for (int i = 0; i < probes; i++) {
                challenges.add(TestChallenge.publish(node.challenges(), random));
            }
            return new ProbeSession(node, temporaryStore, front, challenges);
        } catch (StoreException | RuntimeException e) {
            challenges.forEach(TestChallenge::close);
            front.ifPresent(TemporaryFront::close);
            throw e;
        }
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("ringcert-check");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteTree(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // What is left has no secrets, and the system clears its temporary directory.
        }
    }

    private FrontState findFrontState() {
        if (node.listenAddresses().isEmpty()) {
            return new FrontState.FromFiles();
        }
        if (front.isPresent()) {
            return new FrontState.ThisCommand();
        }
        InetSocketAddress address = reachable(node.listenAddresses().getFirst());
        if (answersProbe(address)) {
            return new FrontState.Daemon();
        }
        return Front.answersAt(address)
                ? new FrontState.OtherStore()
                : new FrontState.Taken(ListeningProcess.findAll(address.getAddress(), address.getPort()).stream()
                        .findFirst());
    }

    private static InetSocketAddress reachable(InetSocketAddress address) {
        return address.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort())
                : address;
    }

    private boolean answersProbe(InetSocketAddress address) {
        KeyAuthorization probe = probes().getFirst();
        try {
            HttpGet.Response response = HttpGet.fetch(
                    address,
                    node.cluster().self().authority(),
                    probe.token().path() + "?left=",
                    TIMEOUT,
                    probe.text().length());
            return response.status() == 200 && response.body().equals(probe.text());
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns this node. Its store is a temporary one if there is none in the configured place. */
    public LocalNode node() {
        return node;
    }

    /** Returns the store in the configured place; empty if there is none yet. */
    public Optional<Store> store() {
        return temporaryStore.isPresent() ? Optional.empty() : Optional.of(node.store());
    }

    /** Returns what is published. */
    public List<KeyAuthorization> probes() {
        return challenges.stream().map(TestChallenge::keyAuthorization).toList();
    }

    /** Returns who answers challenges on this server. */
    public FrontState frontState() {
        return frontState;
    }

    /** Withdraws the probes. */
    @Override
    public void close() {
        challenges.forEach(TestChallenge::close);
        front.ifPresent(TemporaryFront::close);
        temporaryStore.ifPresent(ProbeSession::deleteTree);
    }
}
