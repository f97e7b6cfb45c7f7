package org.ringcert.event;

import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.ringcert.acme.RevocationReason;
import org.ringcert.cluster.Node;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.handoff.PeerReply;
import org.ringcert.issue.AccountEvent;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.renew.RenewalResult;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes each event to several listeners, in their order. Whatever one of them throws reaches neither the others nor
 * the caller, so listeners that only observe never end an issuance. The first exception of each listener is logged.
 */
public final class JoinedListener implements NodeListener {

    private static final Logger log = LoggerFactory.getLogger(JoinedListener.class);

    private final List<NodeListener> listeners;
    private final Set<NodeListener> reported = ConcurrentHashMap.newKeySet();

    public JoinedListener(NodeListener... listeners) {
        this.listeners = List.of(listeners);
    }

    @Override
    public void onEvent(CertificateName name, IssuanceEvent event) {
        forEach(listener -> listener.onEvent(name, event));
    }

    @Override
    public void onRevoked(CertificateVersion version, RevocationReason reason) {
        forEach(listener -> listener.onRevoked(version, reason));
    }

    @Override
    public void onAccountEvent(URI directory, AccountEvent event) {
        forEach(listener -> listener.onAccountEvent(directory, event));
    }

    @Override
    public void onResult(RenewalResult result) {
        forEach(listener -> listener.onResult(result));
    }

    @Override
    public void onAnswer(ChallengeRequest request, Answer answer) {
        forEach(listener -> listener.onAnswer(request, answer));
    }

    @Override
    public void onPeerAsked(Node peer, PeerReply reply) {
        forEach(listener -> listener.onPeerAsked(peer, reply));
    }

    private void forEach(Consumer<NodeListener> call) {
        for (NodeListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (RuntimeException | Error e) {
                if (reported.add(listener)) {
                    log.error(
                            "an event could not be handled, because of a bug in Ringcert; further errors of {} are not logged",
                            listener.getClass().getSimpleName(),
                            e);
                }
            }
        }
    }
}
