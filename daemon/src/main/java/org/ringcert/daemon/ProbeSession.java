package org.ringcert.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.TestChallenge;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.CorrectedMode;
import org.ringcert.daemon.check.FrontState;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.front.Front;
import org.ringcert.daemon.front.ListeningProcess;
import org.ringcert.handoff.HandoffListener;
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
    private final List<CorrectedMode> correctedModes;
    private final Optional<TemporaryFront> front;
    private final List<TestChallenge> challenges;
    private final FrontState frontState;

    private ProbeSession(
            LocalNode node,
            Optional<Path> temporaryStore,
            List<CorrectedMode> correctedModes,
            Optional<TemporaryFront> front,
            List<TestChallenge> challenges) {
        this.node = node;
        this.temporaryStore = temporaryStore;
        this.correctedModes = List.copyOf(correctedModes);
        this.front = front;
        this.challenges = challenges;
        this.frontState = findFrontState();
    }

    /**
     * Publishes probes.
     *
     * @param self the name of this node
     * @param probes how many
     * @throws StoreException if the store cannot be used, or does not exist and cannot be created by this user
     */
    public static ProbeSession open(Configuration configuration, HostName self, int probes)
            throws StoreException, InterruptedException {
        boolean isMissing = Files.notExists(configuration.store(), LinkOption.NOFOLLOW_LINKS);
        if (isMissing) {
            requireCreatable(configuration.store().toAbsolutePath());
        }
        Optional<Path> temporaryStore = isMissing ? Optional.of(temporaryDirectory()) : Optional.empty();
        Map<Path, Set<PosixFilePermission>> modes = CorrectedMode.modes(configuration.store());
        try {
            LocalNode node =
                    new LocalNode(temporaryStore.map(configuration::withStore).orElse(configuration), self);
            return open(node, temporaryStore, CorrectedMode.since(modes, configuration.store()), probes);
        } catch (StoreException | InterruptedException | RuntimeException e) {
            temporaryStore.ifPresent(ProbeSession::deleteTree);
            throw e;
        }
    }

    /** Without this, whatever answers for the right store would be blamed for not finding the probes. */
    private static void requireCreatable(Path store) throws StoreException {
        Path existing = store;
        while (existing.getParent() != null && Files.notExists(existing)) {
            existing = existing.getParent();
        }
        if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
            throw new StoreException(
                    "There is no store in " + store + ", and this user cannot create it in " + existing
                            + "; run this as root or as the user of the daemon, or name the right store with --store or"
                            + " in [store]",
                    null);
        }
    }

    private static ProbeSession open(
            LocalNode node, Optional<Path> temporaryStore, List<CorrectedMode> correctedModes, int probes)
            throws StoreException, InterruptedException {
        SecureRandom random = new SecureRandom();
        Optional<TemporaryFront> front = node.startTemporaryFront(HandoffListener.NONE);
        List<TestChallenge> challenges = new ArrayList<>();
        try {
            // Without a daemon nobody else removes the test challenges of a command that was killed.
            node.challenges().removeExpired();
            for (int i = 0; i < probes; i++) {
                challenges.add(TestChallenge.publish(node.challenges(), random));
            }
            return new ProbeSession(node, temporaryStore, correctedModes, front, challenges);
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

    /** Returns the directories of the store whose modes were wrong until this was opened. */
    public List<CorrectedMode> correctedModes() {
        return correctedModes;
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
