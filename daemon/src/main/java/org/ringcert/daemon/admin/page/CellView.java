package org.ringcert.daemon.admin.page;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.ringcert.daemon.status.HumanTime;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.Flaw;
import org.ringcert.view.visitor.ServedCertificate;

/**
 * A cell of the matrix, in words.
 *
 * @param column the index of its server in the ring, which is also its anchor on the site's page
 * @param text two words at most, if possible
 * @param detail what else is worth knowing, with the age of the look
 */
public record CellView(int column, Level level, String text, String detail) {

    private static final Duration DAY = Duration.ofDays(1);

    static CellView of(int column, Optional<Cell> cell, Instant now) {
        return cell.map(it -> new CellView(column, Level.of(cell), text(it, now), detail(it, now)))
                .orElseGet(() -> new CellView(column, Level.UNKNOWN, "…", "not looked at yet"));
    }

    private static String text(Cell cell, Instant now) {
        return cell.flaws().stream()
                .filter(flaw -> flaw.severity() == Flaw.Severity.FAILURE
                        || cell.certificate().isEmpty())
                .findFirst()
                .map(flaw -> word(flaw.kind()))
                .or(() -> cell.certificate().map(certificate -> remaining(certificate, now)))
                .orElse("nothing");
    }

    private static String detail(Cell cell, Instant now) {
        String what = cell.flaws().stream()
                .findFirst()
                .map(Flaw::text)
                .or(() -> cell.certificate().map(ServedCertificate::issuer))
                .orElse("nothing");
        return what + ", seen " + Ages.ago(cell.seen(), now);
    }

    private static String remaining(ServedCertificate certificate, Instant now) {
        Duration remaining = Duration.between(now, certificate.notAfter());
        return remaining.compareTo(DAY.multipliedBy(2)) >= 0
                ? remaining.toDays() + " days"
                : HumanTime.rounded(remaining);
    }

    /** Returns the shortest name of a flaw. */
    static String word(Flaw.Kind kind) {
        return switch (kind) {
            case UNREACHABLE -> "no answer";
            case REFUSED -> "refused";
            case HANDSHAKE_FAILED -> "no TLS";
            case KIND_MISSING -> "wrong key type";
            case SELF_SIGNED -> "self-signed";
            case EXPIRED -> "expired";
            case NOT_YET_VALID -> "not yet valid";
            case WRONG_NAME -> "wrong name";
            case CHAIN_INCOMPLETE -> "chain";
            case CHAIN_REFUSED -> "chain refused";
            case ROOT_NOT_TRUSTED -> "untrusted";
            case OLDER_THAN_ON_DISK -> "old";
            case EXPIRES_SOON -> "ends soon";
        };
    }
}
