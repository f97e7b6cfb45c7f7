package org.ringcert.view.ready;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.view.ready.Readiness.Weight;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.Flaw;
import org.ringcert.view.visitor.ServedCertificate;

/**
 * Judges what visitors get at a server.
 *
 * @param node the server
 * @param now the present time
 * @param minRemaining how long certificates must still be valid
 */
record VisitorJudge(HostName node, Instant now, Duration minRemaining) {

    private static final Duration SHORT_LIFETIME = Duration.ofDays(10);

    private static final DateTimeFormatter MINUTES =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm'Z'").withZone(ZoneOffset.UTC);

    /** Returns what a look at one name means for the move. */
    List<NameFinding> judge(HostName name, Optional<KeyAlgorithm> kind, Cell cell) {
        List<NameFinding> findings = new ArrayList<>();
        for (Flaw flaw : cell.flaws()) {
            Weight weight = flaw.severity() == Flaw.Severity.FAILURE ? Weight.AGAINST : Weight.NOTE;
            findings.add(flawed(name, kind, weight, flaw.text() + ". " + flaw.remedy()));
        }
        boolean isUsable = findings.stream().noneMatch(each -> each.weight() == Weight.AGAINST);
        if (isUsable) {
            findings.add(cell.certificate()
                    .map(certificate -> usable(name, kind, certificate))
                    .orElseGet(() -> unseen(name, kind)));
        }
        return findings;
    }

    /** Returns what it means that a look did not end in time. */
    NameFinding unseen(HostName name, Optional<KeyAlgorithm> kind) {
        return flawed(
                name,
                kind,
                Weight.AGAINST,
                "no certificate was seen in time. See whether the web server there is overloaded, then ask again");
    }

    private NameFinding usable(HostName name, Optional<KeyAlgorithm> kind, ServedCertificate certificate) {
        Duration remaining = Duration.between(now, certificate.notAfter());
        String end = MINUTES.format(certificate.notAfter());
        if (remaining.compareTo(minRemaining) < 0) {
            return flawed(
                    name,
                    kind,
                    Weight.AGAINST,
                    "the certificate ends in " + TimeSpan.words(remaining) + ", at " + end + ", which is less than the "
                            + TimeSpan.words(minRemaining) + " asked for. " + remedy(certificate, remaining));
        }
        String text = "a certificate that is valid for " + TimeSpan.words(remaining) + " more, until " + end;
        return new NameFinding(
                name,
                Weight.FOR,
                text + kind,
                names -> node + " presents to visitors of " + names + " " + text + kindWords(kind) + ".");
    }

    /** A certificate is not late just because somebody asks for more than it can have. */
    private String remedy(ServedCertificate certificate, Duration remaining) {
        Duration lifetime = Duration.between(certificate.notBefore(), certificate.notAfter());
        if (minRemaining.compareTo(lifetime) > 0) {
            return "No certificate of this kind is valid that long: its lifetime is " + TimeSpan.words(lifetime)
                    + ". Ask for less with --min-left";
        }
        // Renewals are due when a third is left, or a half of a short lifetime; CAs suggest much the same.
        int parts = lifetime.compareTo(SHORT_LIFETIME) < 0 ? 2 : 3;
        if (remaining.compareTo(lifetime.dividedBy(parts)) > 0) {
            return "Its lifetime is " + TimeSpan.words(lifetime)
                    + ", and it is too early to renew it. Ask for less with --min-left";
        }
        return "See on that server, with `ringcert status`, why it has not been renewed";
    }

    private NameFinding flawed(HostName name, Optional<KeyAlgorithm> kind, Weight weight, String text) {
        String ending = text.endsWith(".") ? "" : ".";
        return new NameFinding(
                name,
                weight,
                text + kind,
                names -> "To visitors of " + names + kindWords(kind) + " at " + node + ", " + text + ending);
    }

    private static String kindWords(Optional<KeyAlgorithm> kind) {
        return kind.map(each -> " (" + each + " keys)").orElse("");
    }
}
