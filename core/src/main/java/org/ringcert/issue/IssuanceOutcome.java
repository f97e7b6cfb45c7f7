package org.ringcert.issue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.ringcert.store.CertificateVersion;

/** How an attempt to get a certificate ended. */
public sealed interface IssuanceOutcome {

    /** It is installed. */
    record Issued(CertificateVersion version) implements IssuanceOutcome {}

    /**
     * It was not to be had. What may still be of use is kept and taken up the next time.
     *
     * @param reason what happened and what to do, a sentence or more
     * @param retryAfter how long the CA wants to be left alone, where it says so
     */
    record Failed(String reason, Optional<Duration> retryAfter) implements IssuanceOutcome {}

    /**
     * Nothing was ordered: too many orders of this site ended invalid lately.
     *
     * @param reason says so, a sentence
     * @param until the next may be made then
     */
    record Postponed(String reason, Instant until) implements IssuanceOutcome {}

    /** The thread was interrupted. Everything is kept, and taken up the next time. */
    record Interrupted() implements IssuanceOutcome {}
}
