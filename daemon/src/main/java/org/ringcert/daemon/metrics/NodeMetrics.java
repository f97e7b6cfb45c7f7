package org.ringcert.daemon.metrics;

import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.ringcert.cluster.Node;
import org.ringcert.daemon.front.FrontListener;
import org.ringcert.daemon.front.HttpError;
import org.ringcert.event.NodeListener;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.handoff.PeerReply;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.renew.RenewalResult;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Origin;
import org.ringcert.view.look.LookAnswer;
import org.ringcert.view.look.LookRequest;

/**
 * Counts what happens in a node since the daemon started. Knows nothing of the format in which it is shown, so that a
 * node that nobody scrapes loads none of that. Never blocks. Thread-safe.
 */
public final class NodeMetrics implements NodeListener, FrontListener {

    /** What is counted by a fixed word. Each has the value of its label in the exposition. */
    enum Count {
        VALID("valid"),
        INVALID("invalid"),
        DEPLOYED("deployed"),
        NOT_DEPLOYED("not_deployed"),
        NOT_SERVED("not_served"),
        HELD("held"),
        REDIRECTED("redirected"),
        RELAYED("relayed"),
        NOT_FOUND("not_found"),
        PEER_HOLDS("holds"),
        PEER_DOES_NOT_HOLD("does_not_hold"),
        PEER_UNCLEAR("unclear"),
        LOOK_REPORTED("reported"),
        LOOK_NOT_HELD("not_held"),
        LOOK_BUSY("busy"),
        CONNECTION_ACCEPTED("accepted"),
        CONNECTION_REFUSED("refused"),
        CONNECTION_CLOSED("closed"),
        HTTPS_REDIRECT("https"),
        INTERNAL_ERROR("internal");

        private final String label;

        Count(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /** How an order ended. */
    enum OrderOutcome {
        ISSUED("issued"),
        FAILED("failed");

        private final String label;

        OrderOutcome(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    private record OrderKey(URI directory, OrderOutcome outcome) {}

    private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);
    private final Map<HttpError, LongAdder> refusals = new EnumMap<>(HttpError.class);
    private final Map<OrderKey, LongAdder> orders = new ConcurrentHashMap<>();

    public NodeMetrics() {
        for (Count count : Count.values()) {
            counts.put(count, new LongAdder());
        }
        for (HttpError error : HttpError.values()) {
            refusals.put(error, new LongAdder());
        }
    }

    long value(Count count) {
        return adder(count).sum();
    }

    long refusals(HttpError error) {
        LongAdder adder = refusals.get(error);
        return adder == null ? 0 : adder.sum();
    }

    /** Returns the directories of the CAs with which an order has ended, and how many have. */
    Map<URI, Long> orders(OrderOutcome outcome) {
        Map<URI, Long> ended = new TreeMap<>();
        orders.forEach((key, adder) -> {
            if (key.outcome() == outcome) {
                ended.put(key.directory(), adder.sum());
            }
        });
        return ended;
    }

    private void count(Count count) {
        adder(count).increment();
    }

    private LongAdder adder(Count count) {
        LongAdder adder = counts.get(count);
        if (adder == null) {
            throw new IllegalStateException("no counter " + count);
        }
        return adder;
    }

    private void countOrder(URI directory, OrderOutcome outcome) {
        orders.computeIfAbsent(new OrderKey(directory, outcome), _ -> new LongAdder())
                .increment();
    }

    @Override
    public void onEvent(CertificateName name, IssuanceEvent event) {
        switch (event) {
            case IssuanceEvent.Validated _ -> count(Count.VALID);
            case IssuanceEvent.ValidationFailed _ -> count(Count.INVALID);
            case IssuanceEvent.Failed(var directory, var _) -> countOrder(directory, OrderOutcome.FAILED);
            case IssuanceEvent.Installed(var version)
            when version.origin() instanceof Origin.IssuedByCa issued ->
                countOrder(issued.directory(), OrderOutcome.ISSUED);
            default -> {}
        }
    }

    @Override
    public void onResult(RenewalResult result) {
        switch (result) {
            case RenewalResult.Renewed _ -> count(Count.DEPLOYED);
            case RenewalResult.NotDeployed _ -> count(Count.NOT_DEPLOYED);
            case RenewalResult.NotServed _ -> count(Count.NOT_SERVED);
            default -> {}
        }
    }

    @Override
    public void onAnswer(ChallengeRequest request, Answer answer) {
        count(
                switch (answer) {
                    case Answer.Held _ -> Count.HELD;
                    case Answer.RedirectTo _ -> Count.REDIRECTED;
                    case Answer.Relayed _ -> Count.RELAYED;
                    case Answer.NotFound() -> Count.NOT_FOUND;
                });
    }

    @Override
    public void onPeerAsked(Node peer, PeerReply reply) {
        count(
                switch (reply) {
                    case PeerReply.Holds _ -> Count.PEER_HOLDS;
                    case PeerReply.DoesNotHold() -> Count.PEER_DOES_NOT_HOLD;
                    case PeerReply.Unclear _ -> Count.PEER_UNCLEAR;
                });
    }

    @Override
    public void lookAnswered(LookRequest request, LookAnswer answer) {
        count(
                switch (answer) {
                    case LookAnswer.Report _ -> Count.LOOK_REPORTED;
                    case LookAnswer.NotHeld() -> Count.LOOK_NOT_HELD;
                    case LookAnswer.Busy() -> Count.LOOK_BUSY;
                });
    }

    @Override
    public void connectionAccepted() {
        count(Count.CONNECTION_ACCEPTED);
    }

    @Override
    public void connectionRefused() {
        count(Count.CONNECTION_REFUSED);
    }

    @Override
    public void connectionClosed() {
        count(Count.CONNECTION_CLOSED);
    }

    @Override
    public void redirectedToHttps() {
        count(Count.HTTPS_REDIRECT);
    }

    @Override
    public void requestRefused(HttpError reason) {
        LongAdder adder = refusals.get(reason);
        if (adder != null) {
            adder.increment();
        }
    }

    @Override
    public void internalError(Throwable error) {
        count(Count.INTERNAL_ERROR);
    }
}
