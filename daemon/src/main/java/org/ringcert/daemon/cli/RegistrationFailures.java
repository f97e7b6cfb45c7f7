package org.ringcert.daemon.cli;

import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.ringcert.event.NodeListener;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.issue.AccountEvent;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.renew.RenewalResult;
import org.ringcert.store.CertificateName;

/**
 * Keeps failed registrations and deactivated accounts back until a command knows what it prints, because its results
 * repeat most of them. Passes on all other events at once. Safe for any number of threads.
 */
final class RegistrationFailures implements NodeListener {

    private record MissingAccount(URI directory, AccountEvent event, String reason) {}

    private final NodeListener listener;
    private final Queue<MissingAccount> pending = new ConcurrentLinkedQueue<>();

    /** @param listener receives the events */
    RegistrationFailures(NodeListener listener) {
        this.listener = listener;
    }

    @Override
    public void onEvent(CertificateName name, IssuanceEvent event) {
        listener.onEvent(name, event);
    }

    @Override
    public void onResult(RenewalResult result) {
        listener.onResult(result);
    }

    @Override
    public void onAnswer(ChallengeRequest request, Answer answer) {
        listener.onAnswer(request, answer);
    }

    @Override
    public void onAccountEvent(URI directory, AccountEvent event) {
        switch (event) {
            case AccountEvent.RegistrationFailed(var reason) ->
                pending.add(new MissingAccount(directory, event, reason));
            case AccountEvent.Deactivated(var reason) -> pending.add(new MissingAccount(directory, event, reason));
            case AccountEvent.Registered _, AccountEvent.ContactRefused _, AccountEvent.RollOverEnded _ ->
                listener.onAccountEvent(directory, event);
        }
    }

    /** Passes on the events that have been kept back, but for those with a reason that is printed. */
    void logUnless(Predicate<String> isPrinted) {
        for (MissingAccount missing = pending.poll(); missing != null; missing = pending.poll()) {
            if (!isPrinted.test(missing.reason())) {
                listener.onAccountEvent(missing.directory(), missing.event());
            }
        }
    }
}
