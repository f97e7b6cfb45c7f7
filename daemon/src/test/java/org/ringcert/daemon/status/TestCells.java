package org.ringcert.daemon.status;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.store.CertificateName;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.Flaw;
import org.ringcert.view.visitor.Flaw.Kind;
import org.ringcert.view.visitor.Flaw.Severity;
import org.ringcert.view.visitor.ServedCertificate;

/** Cells, rows and flaws for tests of what is printed. */
public final class TestCells {

    public static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    private TestCells() {}

    public static MatrixRow row(String site) {
        HostName name = new HostName(site);
        return new MatrixRow(new Site(List.of(name)), CertificateName.first(name), Optional.empty());
    }

    public static Flaw flaw(Kind kind, Severity severity) {
        return new Flaw(kind, severity, "the certificate is " + CellWords.brief(kind), "Do something about it.");
    }

    /** Returns a cell, seen 12 seconds ago, with a certificate that ends at a moment. */
    public static Cell cell(MatrixRow row, HostName node, Instant end, Flaw... flaws) {
        return new Cell(
                row.key(node),
                Optional.of(new ServedCertificate("0a1b", "Test CA", NOW.minusSeconds(3600), end)),
                List.of(flaws),
                NOW.minusSeconds(12));
    }

    /** Returns a cell without a certificate. */
    public static Cell cell(MatrixRow row, HostName node, Flaw flaw) {
        return new Cell(row.key(node), Optional.empty(), List.of(flaw), NOW.minusSeconds(12));
    }
}
