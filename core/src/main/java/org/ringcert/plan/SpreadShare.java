package org.ringcert.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The part of one certificate of one node in a {@link Spread}. Immutable.
 *
 * @param spread the renewals of all certificates with the same names
 * @param index which one of them it is, from zero
 * @param phase where in its part of the time it is renewed, in thousandths
 */
public record SpreadShare(Spread spread, int index, int phase) {

    /**
     * Returns when a new certificate is to be renewed.
     *
     * @param previous the time that was planned for the certificate before it; empty if there was none
     */
    public Instant plan(Optional<Instant> previous, Instant notBefore, Duration lifetime) {
        return previous.map(planned -> spread.next(planned, index, phase, notBefore, lifetime))
                .orElseGet(() -> spread.first(index, phase, notBefore, lifetime));
    }
}
