package org.ringcert.view.look;

import java.time.Duration;
import java.util.Optional;
import org.ringcert.challenge.Challenges;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.handoff.LookupBudget;
import org.ringcert.handoff.PeerClient;
import org.ringcert.handoff.PeerReply;
import org.ringcert.view.ca.Disclosure;
import org.ringcert.view.ca.Entry;
import org.ringcert.view.ca.NameView;

/**
 * Looks at names for peers, who may be strangers. Looks only for a token that a node of the cluster really holds, and
 * asks that node first. Questions without a result are charged to the client in the {@link LookupBudget}; when it is
 * used up, nobody is asked. Thread-safe.
 */
public final class LookService implements LookResponder {

    /**
     * How long a look takes at most, with the question to the node that holds the token. The peer expects the report
     * within four seconds; the rest is for what cannot be cut off.
     */
    public static final Duration TIMEOUT = Duration.ofMillis(3_500);

    /** Looks at a name from this server. */
    @FunctionalInterface
    public interface NameObserver {
        /**
         * Looks. Blocks until the timeout at most, and returns what was seen by then.
         *
         * @param probe what a CA must get
         */
        NameView look(HostName name, KeyAuthorization probe, Entry entry, Duration timeout);
    }

    private final Cluster cluster;
    private final Challenges challenges;
    private final PeerClient peers;
    private final LookupBudget budget;
    private final LookSlots slots;
    private final NameObserver observer;

    /**
     * @param budget the same that limits the questions for challenges
     * @param slots the same for all services of a node, whatever their configuration
     */
    public LookService(
            Cluster cluster,
            Challenges challenges,
            PeerClient peers,
            LookupBudget budget,
            LookSlots slots,
            NameObserver observer) {
        this.cluster = cluster;
        this.challenges = challenges;
        this.peers = peers;
        this.budget = budget;
        this.slots = slots;
        this.observer = observer;
    }

    @Override
    public LookAnswer look(LookRequest request) {
        if (!budget.allows(request.source())) {
            return new LookAnswer.Busy();
        }
        Optional<LookSlots.Slot> slot = slots.tryAcquire(request.token());
        if (slot.isEmpty()) {
            return new LookAnswer.Busy();
        }
        try (LookSlots.Slot _ = slot.get()) {
            return lookIfHeld(request);
        }
    }

    private LookAnswer lookIfHeld(LookRequest request) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        Optional<KeyAuthorization> probe = findAt(request.at(), request.token());
        if (probe.isEmpty()) {
            budget.chargeMiss(request.source());
            return new LookAnswer.NotHeld();
        }
        Duration remaining = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
        NameView view = observer.look(request.name(), probe.get(), entry(request), remaining);
        return new LookAnswer.Report(LookJson.write(Disclosure.of(view)));
    }

    private Optional<KeyAuthorization> findAt(Node node, Token token) {
        if (node.equals(cluster.self())) {
            return challenges.find(token);
        }
        return peers.ask(node, token) instanceof PeerReply.Holds(KeyAuthorization keyAuthorization, var _)
                ? Optional.of(keyAuthorization)
                : Optional.empty();
    }

    /** A node that looks at its own name wants to know that the name leads nowhere else. */
    private static Entry entry(LookRequest request) {
        return request.name().equals(request.at().name()) ? Entry.HOLDER_ONLY : Entry.ANY_NODE;
    }
}
