package org.ringcert.daemon.status;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.Flaw;
import org.ringcert.view.visitor.ServedCertificate;

/** What the page and {@code ringcert status --all} call what visitors see. */
public final class CellWords {

    /** Marks the remaining time of a certificate that has a warning. */
    public static final String WARNING_MARK = "*";

    /** What stands for a cell that nobody has looked at yet. */
    public static final String NOT_SEEN = "?";

    /** Below this, days are too coarse. */
    private static final Duration SHOWN_IN_DAYS = Duration.ofDays(2);

    private static final Duration SHOWN_IN_HOURS = Duration.ofHours(2);

    private CellWords() {}

    /** Returns the text of a cell, 11 characters at most: {@code 63 d}, {@code 30 h*}, {@code self-signed}. */
    public static String brief(Cell cell, Instant now) {
        List<Flaw> flaws = CellVerdict.flaws(cell, now);
        Optional<String> remaining = cell.certificate().map(certificate -> remaining(certificate, now));
        if (flaws.isEmpty()) {
            return remaining.orElse(NOT_SEEN);
        }
        // Otherwise, with such a CA, a flaw that somebody should see would look like a good cell.
        Flaw worst = flaws.stream()
                .filter(flaw -> !isBestSaidByTime(flaw))
                .findFirst()
                .orElse(flaws.getFirst());
        if (worst.kind() == Flaw.Kind.KIND_MISSING) {
            return cell.key().kind().map(kind -> "no " + kind).orElseGet(() -> brief(worst.kind()));
        }
        return isBestSaidByTime(worst) && remaining.isPresent() ? remaining.get() + WARNING_MARK : brief(worst.kind());
    }

    /** With a CA that no browser trusts, every cell has this warning. What a person looks for is the time. */
    private static boolean isBestSaidByTime(Flaw flaw) {
        return flaw.severity() == Flaw.Severity.WARNING
                && (flaw.kind() == Flaw.Kind.ROOT_NOT_TRUSTED || flaw.kind() == Flaw.Kind.EXPIRES_SOON);
    }

    /** Returns a word or two for a kind of flaw. */
    public static String brief(Flaw.Kind kind) {
        return switch (kind) {
            case UNREACHABLE -> "down";
            case REFUSED -> "refused";
            case HANDSHAKE_FAILED -> "no TLS";
            case KIND_MISSING -> "no kind";
            case SELF_SIGNED -> "self-signed";
            case EXPIRED -> "expired";
            case NOT_YET_VALID -> "not yet";
            case WRONG_NAME -> "wrong name";
            case CHAIN_INCOMPLETE -> "no chain";
            case CHAIN_REFUSED -> "bad chain";
            case ROOT_NOT_TRUSTED -> "untrusted";
            case OLDER_THAN_ON_DISK -> "old";
            case EXPIRES_SOON -> "soon";
        };
    }

    /** Returns the name of a kind of flaw in JSON and in markup: {@code wrong-name}. It never changes. */
    public static String label(Flaw.Kind kind) {
        return label((Enum<?>) kind);
    }

    /** Returns the name of a severity in JSON and in markup. It never changes. */
    public static String label(Flaw.Severity severity) {
        return label((Enum<?>) severity);
    }

    /** Returns the name of a verdict in JSON and in markup. It never changes. */
    public static String label(CellVerdict verdict) {
        return label((Enum<?>) verdict);
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the flaw and its remedy as sentences. */
    public static String sentence(Flaw flaw) {
        String text = flaw.text();
        String sentence = text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
        return (RenewalMessages.ended(sentence) + " " + flaw.remedy()).strip();
    }

    /**
     * Returns how long ago a look was: {@code seen 12 s ago}. A look in the future, by a changed clock, is just now.
     */
    public static String age(Instant seen, Instant now) {
        return "seen " + span(Duration.between(seen, now)) + " ago";
    }

    /** Returns how long a certificate is still valid: {@code 63 d}, {@code 30 h}, {@code 12 min}. */
    private static String remaining(ServedCertificate certificate, Instant now) {
        return span(Duration.between(now, certificate.notAfter()));
    }

    private static String span(Duration duration) {
        if (duration.compareTo(SHOWN_IN_DAYS) >= 0) {
            return duration.toDays() + " d";
        }
        if (duration.compareTo(SHOWN_IN_HOURS) >= 0) {
            return duration.toHours() + " h";
        }
        if (duration.toMinutes() >= 2) {
            return duration.toMinutes() + " min";
        }
        return Math.max(0, duration.toSeconds()) + " s";
    }
}
