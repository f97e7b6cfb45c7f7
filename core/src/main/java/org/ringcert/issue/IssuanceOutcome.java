package org.ringcert.issue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.ringcert.acme.AcmeException.Fault;
import org.ringcert.acme.RateLimitSubject;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.FailureKind;
import org.ringcert.store.Postponement;

/** How an attempt to get a certificate ended. */
public sealed interface IssuanceOutcome {

    /** The certificate is installed. */
    record Issued(CertificateVersion version) implements IssuanceOutcome {}

    /**
     * The attempt failed. Whatever can still be used is kept, and the next attempt continues with it.
     *
     * @param reason what happened and what to do, in one or more sentences
     * @param retryAfter the minimum delay before the next attempt, if the CA or the failure calls for one
     * @param fault whose failure it is
     * @param kind what it has cost, and so how soon the next attempt may follow
     */
    record Failed(String reason, Optional<Duration> retryAfter, Fault fault, FailureKind kind)
            implements IssuanceOutcome {}

    /**
     * Nothing was ordered, because too many recent orders of this site became invalid.
     *
     * @param reason says so, in a sentence
     * @param until when the next order may be made
     */
    record Postponed(String reason, Instant until) implements IssuanceOutcome {}

    /**
     * The CA refused the order because of a limit. That cost nothing, and whatever can still be used is kept.
     *
     * @param reason the CA's words, in one or more sentences
     * @param retryAfter how long the CA asks to wait
     * @param subject what the CA counts by the limit
     */
    record Refused(String reason, Duration retryAfter, RateLimitSubject subject) implements IssuanceOutcome {}

    /** Nothing was ordered, because a look at the site said that the validation would fail. It is saved. */
    record LookFailed(Postponement postponement) implements IssuanceOutcome {}

    /**
     * There is a new certificate, but a test has kept it. It is saved, and the next attempt tests and installs it.
     *
     * @param reason why it is not installed yet, half a sentence without a full stop
     */
    record Kept(String reason) implements IssuanceOutcome {}

    /** The thread was interrupted. Everything is kept, and the next attempt continues with it. */
    record Interrupted() implements IssuanceOutcome {}
}
