package org.ringcert.daemon.admin;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.status.HumanTime;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.Flaw;
import org.ringcert.view.visitor.Liveness;
import org.ringcert.view.visitor.ServedCertificate;
import org.ringcert.view.visitor.Sight;

/**
 * {@code /livez?site=SITE}: whether a balancer may send visitors of the site to this server, as {@link Liveness}
 * defines it. Answers 200 or 503 with a line for each certificate or reason; 404 for a site that is not configured.
 */
public final class LiveHandler implements AdminHandler {

    private final Function<HostName, Optional<Site>> sites;
    private final Sight sight;
    private final InstantSource clock;

    /** @param sites returns the site that has a name, as its first or any other */
    public LiveHandler(Function<HostName, Optional<Site>> sites, Sight sight, InstantSource clock) {
        this.sites = sites;
        this.sight = sight;
        this.clock = clock;
    }

    @Override
    public AdminResponse answer(AdminRequest request) throws InterruptedException {
        Optional<String> written = request.parameter("site").filter(name -> !name.isEmpty());
        if (written.isEmpty()) {
            return AdminResponse.text(400, "which site? Ask for /livez?site=NAME with any name of a site");
        }
        Optional<HostName> name = parse(written.get());
        if (name.isEmpty()) {
            return AdminResponse.text(400, "site: this is not a host name");
        }
        List<Cell> cells = cells(name.get());
        return cells.isEmpty()
                ? AdminResponse.text(404, "the configuration of this server has no site with this name")
                : answer(name.get(), cells);
    }

    private static Optional<HostName> parse(String written) {
        try {
            return Optional.of(HostName.of(written));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private List<Cell> cells(HostName name) throws InterruptedException {
        Optional<Site> site = sites.apply(name);
        return site.isPresent() ? sight.ownCells(site.get().name()) : List.of();
    }

    private AdminResponse answer(HostName name, List<Cell> cells) {
        Instant now = clock.instant();
        Liveness liveness = Liveness.of(cells, now);
        List<String> lines = new ArrayList<>();
        if (liveness.isLive()) {
            liveness.cells().forEach(cell -> lines.add(line(name, cell, state(cell, now), now)));
        } else {
            liveness.reasons().forEach(reason -> lines.add(line(name, reason.cell(), text(reason, now), now)));
        }
        return AdminResponse.text(liveness.isLive() ? 200 : 503, String.join("\n", lines));
    }

    private static String line(HostName name, Cell cell, String text, Instant now) {
        String kind = cell.key()
                .kind()
                .map(KeyAlgorithm::toString)
                .map(label -> " (" + label + ")")
                .orElse("");
        return name + kind + ": " + text + "; seen " + ago(cell.seen(), now);
    }

    /** Returns what is presented, for a site that is live. A kind that is not presented has a flaw that says so. */
    private static String state(Cell cell, Instant now) {
        return cell.certificate()
                .map(certificate -> "a certificate of " + certificate.issuer() + ", valid for another "
                        + span(now, certificate.notAfter()))
                .or(() -> cell.flaws().stream().map(Flaw::text).findFirst())
                .orElse("no certificate");
    }

    private static String text(Liveness.Reason reason, Instant now) {
        return switch (reason.kind()) {
            case EXPIRED -> "the certificate expired " + ago(date(reason, ServedCertificate::notAfter, now), now);
            case NOT_YET_VALID ->
                "the certificate is not valid for another "
                        + span(now, date(reason, ServedCertificate::notBefore, now));
            default -> reason.text().orElse("there is no certificate");
        };
    }

    private static Instant date(Liveness.Reason reason, Function<ServedCertificate, Instant> date, Instant otherwise) {
        return reason.cell().certificate().map(date).orElse(otherwise);
    }

    private static String ago(Instant moment, Instant now) {
        return span(moment, now) + " ago";
    }

    private static String span(Instant from, Instant to) {
        Duration span = Duration.between(from, to);
        if (span.isNegative()) {
            return "0 s";
        }
        return span.compareTo(Duration.ofMinutes(2)) < 0 ? span.toSeconds() + " s" : HumanTime.rounded(span);
    }
}
