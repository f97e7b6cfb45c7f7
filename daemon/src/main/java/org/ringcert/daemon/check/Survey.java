package org.ringcert.daemon.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.daemon.config.NodeSettings;
import org.ringcert.view.ca.Viewpoint;
import org.ringcert.view.ca.ViewpointReply;

/**
 * Looks at names from all viewpoints at the same time. A node looks for a peer four times at a time, and once for each
 * token, so every viewpoint gets as many looks at a time as there are probes. Thread-safe.
 */
final class Survey implements AutoCloseable {

    private final Map<HostName, List<CompletableFuture<Sighting>>> sightings = new LinkedHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile Optional<BlindViewpoints> blind = Optional.empty();

    private record Look(HostName name, CompletableFuture<Sighting> result) {}

    private Survey() {}

    /**
     * Starts to look.
     *
     * @param viewpoints the first is this server
     * @param fromEverywhere the names that all viewpoints look at
     * @param fromHere the names that only this server looks at
     * @param probes what this node has published, one for each look that a viewpoint has in progress
     */
    static Survey start(
            List<Viewpoint> viewpoints,
            List<HostName> fromEverywhere,
            List<HostName> fromHere,
            List<KeyAuthorization> probes,
            CheckProgress progress) {
        Survey survey = new Survey();
        List<BlockingQueue<Look>> queues = new ArrayList<>();
        for (Viewpoint _ : viewpoints) {
            BlockingQueue<Look> queue = new LinkedBlockingQueue<>();
            fromEverywhere.forEach(name -> queue.add(survey.plan(name)));
            if (queues.isEmpty()) {
                fromHere.forEach(name -> queue.add(survey.plan(name)));
            }
            queues.add(queue);
        }
        int total = queues.stream().mapToInt(BlockingQueue::size).sum();
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < viewpoints.size(); i++) {
            Asker asker = new Asker(viewpoints.get(i));
            BlockingQueue<Look> queue = queues.get(i);
            for (KeyAuthorization probe : probes) {
                survey.threads.add(Thread.ofVirtual().start(() -> {
                    for (Look look = queue.poll(); look != null; look = queue.poll()) {
                        asker.look(look, probe);
                        progress.onLook(done.incrementAndGet(), total);
                    }
                }));
            }
        }
        return survey;
    }

    private Look plan(HostName name) {
        Look look = new Look(name, new CompletableFuture<>());
        sightings.computeIfAbsent(name, _ -> new ArrayList<>()).add(look.result());
        return look;
    }

    /**
     * Asks one viewpoint, and no longer asks one that has failed several times in a row: each look at a server that is
     * down would take seconds. Thread-safe.
     */
    private static final class Asker {

        private static final int MAX_FAILURES = 4;

        private final Viewpoint viewpoint;
        private int failures;
        private Optional<ViewpointReply> lastFailure = Optional.empty();

        Asker(Viewpoint viewpoint) {
            this.viewpoint = viewpoint;
        }

        void look(Look look, KeyAuthorization probe) {
            try {
                ViewpointReply reply = givenUp().orElseGet(() -> viewpoint.look(look.name(), probe));
                record(reply);
                look.result().complete(new Sighting(viewpoint.node(), reply));
            } catch (RuntimeException | Error e) {
                look.result().completeExceptionally(e);
                throw e;
            }
        }

        private synchronized Optional<ViewpointReply> givenUp() {
            return failures < MAX_FAILURES ? Optional.empty() : lastFailure;
        }

        private synchronized void record(ViewpointReply reply) {
            if (reply instanceof ViewpointReply.Seen) {
                failures = 0;
            } else {
                failures++;
                lastFailure = Optional.of(reply);
            }
        }
    }

    /** Waits until all viewpoints have looked at the name. Returns what they said, this server first. */
    List<Sighting> of(HostName name) throws InterruptedException {
        List<Sighting> all = new ArrayList<>();
        for (CompletableFuture<Sighting> each : sightings.getOrDefault(name, List.of())) {
            try {
                all.add(each.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("a look at " + name + " failed", e.getCause());
            }
        }
        return all;
    }

    /** Waits until all viewpoints have looked at all names. Returns everything that they said. */
    List<Sighting> all() throws InterruptedException {
        List<Sighting> all = new ArrayList<>();
        for (HostName name : sightings.keySet()) {
            all.addAll(of(name));
        }
        return all;
    }

    /** Waits as {@link #all} does. Returns the viewpoints that see nothing. */
    BlindViewpoints blind() throws InterruptedException {
        Optional<BlindViewpoints> known = blind;
        if (known.isEmpty()) {
            known = Optional.of(BlindViewpoints.among(all()));
            blind = known;
        }
        return known.get();
    }

    /** Waits as {@link #all} does. Returns what the viewpoints that see anything have said about the name. */
    List<Sighting> usable(HostName name) throws InterruptedException {
        return blind().without(of(name));
    }

    /**
     * Returns which node has which addresses: those of the configuration, and those that the DNS gives this server for
     * the nodes' names. Waits for the looks at these names.
     */
    NodeAddresses nodeAddresses(CheckScope scope) throws InterruptedException {
        NodeAddresses addresses = new NodeAddresses();
        for (NodeSettings settings : scope.configuration().nodes()) {
            Node node = settings.node();
            addresses.add(node);
            for (Sighting sighting : of(node.name())) {
                boolean isOwn = sighting.viewpoint().equals(scope.self());
                if (isOwn && sighting.reply() instanceof ViewpointReply.Seen(var view)) {
                    addresses.add(node.name(), view.addresses().all());
                }
            }
        }
        return addresses;
    }

    /** Ends the looks that are in progress. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
