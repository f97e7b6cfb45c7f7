package org.ringcert.daemon.status;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringcert.pki.ValidityPeriod;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.Flaw;
import org.ringcert.view.visitor.ServedCertificate;

/** What a look means at a later moment. */
public enum CellVerdict {
    GOOD,

    /** No visitor notices anything now, or the configured CA is one that no browser trusts. It counts as good. */
    WARNING,

    /** Visitors see an error. */
    FAILURE;

    /** Returns the verdict on what was seen. A certificate that has expired since is a failure. */
    public static CellVerdict of(Cell cell, Instant now) {
        return flaws(cell, now).stream()
                .map(Flaw::severity)
                .max(Flaw.Severity::compareTo)
                .map(severity -> switch (severity) {
                    case WARNING -> WARNING;
                    case FAILURE -> FAILURE;
                })
                .orElse(GOOD);
    }

    /** Returns the flaws that were seen, the worst first, and that the certificate has expired since if it has. */
    public static List<Flaw> flaws(Cell cell, Instant now) {
        Optional<Instant> end = cell.certificate()
                .map(ServedCertificate::validity)
                .filter(period -> period.isOver(now))
                .map(ValidityPeriod::notAfter);
        boolean wasKnown = cell.flaws().stream().anyMatch(flaw -> flaw.kind() == Flaw.Kind.EXPIRED);
        if (wasKnown || end.isEmpty()) {
            return cell.flaws();
        }
        List<Flaw> flaws = new ArrayList<>(cell.flaws());
        flaws.removeIf(flaw -> flaw.kind() == Flaw.Kind.EXPIRES_SOON);
        flaws.addFirst(new Flaw(
                Flaw.Kind.EXPIRED,
                Flaw.Severity.FAILURE,
                "the certificate expired at " + HumanTime.toMinute(end.get()) + ", after the last look",
                "`ringcert status` on that server says whether a new one has been issued."));
        return List.copyOf(flaws);
    }
}
