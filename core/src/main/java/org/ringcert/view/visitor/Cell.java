package org.ringcert.view.visitor;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one server presented for one certificate of a site, in one look. Immutable.
 *
 * @param key which certificate and which server
 * @param certificate what it presented, good or not; empty if nothing
 * @param flaws what is wrong, the worst first
 * @param seen when it was looked at
 */
public record Cell(CellKey key, Optional<ServedCertificate> certificate, List<Flaw> flaws, Instant seen) {

    public Cell {
        flaws = List.copyOf(flaws);
    }

    /** Returns the worst severity of the flaws; empty if nothing is wrong. */
    public Optional<Flaw.Severity> worst() {
        return flaws.stream().map(Flaw::severity).max(Flaw.Severity::compareTo);
    }
}
