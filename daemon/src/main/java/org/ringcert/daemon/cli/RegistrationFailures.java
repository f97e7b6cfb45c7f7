package org.ringcert.daemon.cli;

import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.ringcert.issue.AccountEvent;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.store.CertificateName;

/**
 * Keeps failed registrations back until a command knows what it prints, because its results repeat most of them. Passes
 * on all other events at once. Safe for any number of threads.
 */
final class RegistrationFailures implements IssuanceListener {

    private record FailedRegistration(URI directory, AccountEvent.RegistrationFailed event) {}

    private final IssuanceListener listener;
    private final Queue<FailedRegistration> pending = new ConcurrentLinkedQueue<>();

    /** @param listener receives the events */
    RegistrationFailures(IssuanceListener listener) {
        this.listener = listener;
    }

    @Override
    public void onEvent(CertificateName name, IssuanceEvent event) {
        listener.onEvent(name, event);
    }

    @Override
    public void onAccountEvent(URI directory, AccountEvent event) {
        if (event instanceof AccountEvent.RegistrationFailed failed) {
            pending.add(new FailedRegistration(directory, failed));
        } else {
            listener.onAccountEvent(directory, event);
        }
    }

    /** Passes on the failures that have been kept back, but for those with a reason that is printed. */
    void logUnless(Predicate<String> isPrinted) {
        for (FailedRegistration failed = pending.poll(); failed != null; failed = pending.poll()) {
            if (!isPrinted.test(failed.event().reason())) {
                listener.onAccountEvent(failed.directory(), failed.event());
            }
        }
    }
}
