package org.ringcert.renew;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.ringcert.issue.Issuer;
import org.ringcert.store.StoreException;

/**
 * Registers this node's account at one CA before it is needed, so that a mistake in its settings shows up on a quiet
 * day. Failures are repeated after {@link BackOff}'s delays, which are forgotten with the process. Thread-safe.
 */
final class AccountPreparation {

    private final Issuer issuer;
    private final InstantSource clock;
    private Instant nextAttempt = Instant.MIN;
    private int failures;

    AccountPreparation(Issuer issuer, InstantSource clock) {
        this.issuer = issuer;
        this.clock = clock;
    }

    /** Registers the account if there is none, and it is not too early to try again. */
    synchronized void run() {
        Instant now = clock.instant();
        if (now.isBefore(nextAttempt) || hasAccount() || issuer.prepareAccount().isEmpty()) {
            return;
        }
        failures++;
        nextAttempt = BackOff.next(failures, Optional.empty(), now);
    }

    private boolean hasAccount() {
        try {
            return issuer.hasAccount();
        } catch (StoreException e) {
            // Nothing can be registered. The order that needs the account meets the same problem and reports it.
            return true;
        }
    }
}
