package org.ringcert.view.visitor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringcert.view.visitor.Flaw.Kind;
import org.ringcert.view.visitor.Flaw.Severity;

/**
 * Whether a balancer may send visitors of a site to a server. Nothing but what the server presents is considered: not
 * the CA, not the plan, not the peers, not the store. A chain that ends in a root which this system does not know never
 * counts, because an old list of roots must not take servers out of service.
 *
 * <p>A site with two kinds of keys is live if the server presents at least one kind, and whatever it presents is good.
 * A visitor gets either kind, so a bad one of either kind counts. A kind that the server does not present at all does
 * not, because almost every visitor accepts the other one.
 *
 * @param reasons what counts against it; empty if the site is live
 * @param cells what was seen, one for each kind of key
 */
public record Liveness(List<Reason> reasons, List<Cell> cells) {

    public Liveness {
        reasons = List.copyOf(reasons);
        cells = List.copyOf(cells);
    }

    /**
     * What every visitor refuses.
     *
     * @param cell where it was seen
     * @param kind what it is
     * @param text half a sentence, from the look; empty if it has become true since, for {@link Kind#EXPIRED}
     */
    public record Reason(Cell cell, Kind kind, Optional<String> text) {}

    /**
     * Decides by what was last seen.
     *
     * @param cells those of one site at one server, one for each kind of key; at least one
     * @param now a certificate that has expired since the look counts as expired
     */
    public static Liveness of(List<Cell> cells, Instant now) {
        if (cells.isEmpty()) {
            throw new IllegalArgumentException("nothing was seen");
        }
        List<Cell> presented = cells.stream().filter(Liveness::isPresented).toList();
        List<Reason> reasons = new ArrayList<>();
        for (Cell cell : presented.isEmpty() ? cells : presented) {
            reasons.addAll(reasons(cell, now));
        }
        return new Liveness(reasons, cells);
    }

    public boolean isLive() {
        return reasons.isEmpty();
    }

    private static boolean isPresented(Cell cell) {
        return cell.certificate().isPresent();
    }

    private static List<Reason> reasons(Cell cell, Instant now) {
        List<Reason> reasons = new ArrayList<>();
        for (Flaw flaw : cell.flaws()) {
            if (counts(flaw)) {
                reasons.add(new Reason(cell, flaw.kind(), Optional.of(flaw.text())));
            }
        }
        cell.certificate().ifPresent(certificate -> {
            if (certificate.validity().isOver(now)) {
                reasons.add(new Reason(cell, Kind.EXPIRED, Optional.empty()));
            } else if (certificate.validity().isAhead(now)) {
                reasons.add(new Reason(cell, Kind.NOT_YET_VALID, Optional.empty()));
            }
        });
        if (reasons.isEmpty() && !isPresented(cell)) {
            reasons.add(new Reason(cell, Kind.HANDSHAKE_FAILED, Optional.empty()));
        }
        return reasons;
    }

    private static boolean counts(Flaw flaw) {
        return switch (flaw.kind()) {
            case UNREACHABLE, REFUSED, HANDSHAKE_FAILED, KIND_MISSING, SELF_SIGNED, WRONG_NAME -> true;
            // With a CA that browsers do not know, the chain may lead to a root that visitors have by other means.
            case CHAIN_INCOMPLETE -> flaw.severity() == Severity.FAILURE;
            // Decided by the dates of the certificate itself, as time goes on after the look. An issuer that has
            // expired may only be the one way to a root that an old list of roots knows.
            case EXPIRED, NOT_YET_VALID -> false;
            // The words of this Java runtime, which refuses what browsers accept.
            case CHAIN_REFUSED -> false;
            case ROOT_NOT_TRUSTED, OLDER_THAN_ON_DISK, EXPIRES_SOON -> false;
        };
    }
}
