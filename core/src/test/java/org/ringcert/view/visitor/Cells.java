package org.ringcert.view.visitor;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyAlgorithm;

/** Targets and cells for tests. */
final class Cells {

    static final Instant NOT_BEFORE = Instant.parse("2026-11-01T00:00:00Z");
    static final Instant NOT_AFTER = Instant.parse("2027-01-30T00:00:00Z");

    private Cells() {}

    static VisitorTarget target(String site, String node) {
        return target(site, Optional.empty(), node);
    }

    static VisitorTarget target(String site, Optional<KeyAlgorithm> kind, String node) {
        return new VisitorTarget(new Site(List.of(new HostName(site))), kind, new HostName(node), "127.0.0.1", 443);
    }

    static Cell good(VisitorTarget target, Instant seen) {
        return withFlaws(target, seen);
    }

    static Cell withFlaws(VisitorTarget target, Instant seen, Flaw... flaws) {
        return new Cell(
                target.key(),
                Optional.of(new ServedCertificate("01:02", "R12", NOT_BEFORE, NOT_AFTER)),
                List.of(flaws),
                seen);
    }

    static Cell nothing(VisitorTarget target, Instant seen, Flaw.Kind kind) {
        return new Cell(target.key(), Optional.empty(), List.of(flaw(kind)), seen);
    }

    static Flaw flaw(Flaw.Kind kind) {
        return new Flaw(kind, Flaw.Severity.FAILURE, kind.name(), "");
    }

    static Flaw warning(Flaw.Kind kind) {
        return new Flaw(kind, Flaw.Severity.WARNING, kind.name(), "");
    }

    static List<VisitorTarget> targets(int sites, String... nodes) {
        return Stream.iterate(0, site -> site + 1)
                .limit(sites)
                .flatMap(site -> Stream.of(nodes).map(node -> target("site" + site + ".example.org", node)))
                .toList();
    }
}
