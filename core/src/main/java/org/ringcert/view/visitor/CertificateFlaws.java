package org.ringcert.view.visitor;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.ValidityPeriod;
import org.ringcert.view.visitor.Flaw.Kind;
import org.ringcert.view.visitor.Flaw.Severity;

/** Words for what is wrong with a certificate that visitors get for a site. Immutable. */
public final class CertificateFlaws {

    private static final int MAX_NAMES = 3;

    private final Site site;
    private final int port;
    private final Instant now;

    /** @param port where the server's https is */
    public CertificateFlaws(Site site, int port, Instant now) {
        this.site = site;
        this.port = port;
        this.now = now;
    }

    /**
     * Returns the flaw of a self-signed certificate.
     *
     * @param isForSite whether it has all names of the site, as the one that the store has at first
     */
    public Flaw selfSigned(boolean isForSite) {
        return failure(
                Kind.SELF_SIGNED,
                "the certificate is self-signed",
                isForSite
                        ? "That is right before the first order. After it, reload the web server, or let [deploy] do it."
                        : "The web server has its own certificate, not the store's. Give it a virtual host with this"
                                + " name on port " + port + " (`ringcert web SERVER --site " + site
                                + "` prints one).");
    }

    /** Returns what is wrong with the dates; empty if the certificate is valid for long enough. */
    public Optional<Flaw> ofDates(ValidityPeriod period) {
        Optional<Flaw> outOfDate = outOfDate(period);
        return outOfDate.isEmpty() && period.endsSoon(now) ? Optional.of(expiresSoon(period.notAfter())) : outOfDate;
    }

    /** Returns what is wrong with the dates now, however soon the certificate expires. */
    public Optional<Flaw> outOfDate(ValidityPeriod period) {
        if (period.isOver(now)) {
            return Optional.of(expired(period.notAfter()));
        }
        return period.isAhead(now) ? Optional.of(notYetValid(period.notBefore())) : Optional.empty();
    }

    private Flaw expired(Instant notAfter) {
        return failure(
                Kind.EXPIRED,
                "the certificate expired " + span(now, notAfter) + " ago",
                "`ringcert status` on that server says whether a new one has been issued. If so, reload the web server,"
                        + " or let [deploy] do it.");
    }

    private Flaw notYetValid(Instant notBefore) {
        return failure(
                Kind.NOT_YET_VALID,
                "the certificate is not valid until " + span(now, notBefore) + " from now",
                "The clock of this server or of the issuer is wrong.");
    }

    /**
     * Returns the flaw of a certificate that lacks names of the site.
     *
     * @param missing the names that it lacks
     */
    public Flaw wrongName(List<HostName> missing) {
        String names = missing.stream().limit(MAX_NAMES).map(HostName::value).collect(Collectors.joining(", "));
        String more = missing.size() > MAX_NAMES ? " and " + (missing.size() - MAX_NAMES) + " more" : "";
        return failure(
                Kind.WRONG_NAME,
                "the certificate is not for " + names + more,
                missing.contains(site.name())
                        ? "Give the web server a virtual host with this name on port " + port
                                + " (`ringcert web SERVER --site " + site + "` prints one)."
                        : "`ringcert status` on that server says whether a certificate with all names has been issued."
                                + " If so, reload the web server, or let [deploy] do it.");
    }

    private Flaw expiresSoon(Instant notAfter) {
        return new Flaw(
                Kind.EXPIRES_SOON,
                Severity.WARNING,
                "the certificate expires in " + span(now, notAfter),
                "`ringcert status` on that server says why it has not been renewed.");
    }

    static Flaw failure(Kind kind, String text, String remedy) {
        return new Flaw(kind, Severity.FAILURE, text, remedy);
    }

    /**
     * Returns the time between two moments, rounded down to days, hours or minutes, at least two of them, else in
     * seconds.
     */
    static String span(Instant now, Instant then) {
        Duration span = Duration.between(now, then).abs();
        for (ChronoUnit unit : List.of(ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES)) {
            long whole = span.dividedBy(unit.getDuration());
            if (whole >= 2) {
                return whole + " " + unit.toString().toLowerCase(Locale.ROOT);
            }
        }
        return span.toSeconds() + " seconds";
    }
}
