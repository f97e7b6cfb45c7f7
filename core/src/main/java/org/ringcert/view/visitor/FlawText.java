package org.ringcert.view.visitor;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.PrintableText;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.view.visitor.Flaw.Kind;
import org.ringcert.view.visitor.Flaw.Severity;
import org.ringcert.view.visitor.TlsObservation.NoCertificate;

/** Words for what is wrong with one target at one time. */
final class FlawText {

    private static final int MAX_NAMES = 3;
    private static final int MAX_REASON = 200;

    private static final String FILES =
            "The web server must use the fullchain.pem of the site (HAProxy: its combined.pem), not its cert.pem.";

    private final VisitorTarget target;
    private final CaStanding standing;
    private final Instant now;

    FlawText(VisitorTarget target, CaStanding standing, Instant now) {
        this.target = target;
        this.standing = standing;
        this.now = now;
    }

    Flaw noCertificate(NoCertificate none) {
        String reason = PrintableText.of(none.reason(), MAX_REASON);
        return switch (none.obstacle()) {
            case UNREACHABLE ->
                failure(
                        Kind.UNREACHABLE,
                        "there is no connection, " + reason,
                        "Check that the server is up and that no firewall blocks " + address() + ". `https` of "
                                + target.node() + " in the configuration says where its https is.");
            case REFUSED ->
                failure(
                        Kind.REFUSED,
                        reason,
                        "No program listens at " + address() + ". Start the web server there: the store has a"
                                + " self-signed certificate for it until the CA has issued one (`ringcert renew"
                                + " --prepare`).");
            case HANDSHAKE_FAILED ->
                failure(
                        Kind.HANDSHAKE_FAILED,
                        "there is no certificate, " + reason,
                        "Give the web server a virtual host with this name on port " + target.port()
                                + " (`ringcert web SERVER --site " + target.site()
                                + "` prints one). Its log says more.");
        };
    }

    Flaw handshakeFailed(String reason) {
        return failure(
                Kind.HANDSHAKE_FAILED,
                "the handshake fails after the certificate, " + PrintableText.of(reason, MAX_REASON),
                "The web server may have a private key of another certificate. It must use both files of one folder in"
                        + " certs, and be reloaded.");
    }

    Flaw kindMissing() {
        String kind = target.kind().map(KeyAlgorithm::toString).orElse("other");
        return failure(
                Kind.KIND_MISSING,
                "visitors who accept only " + kind + " keys get no certificate",
                "The site has a certificate of this kind as well: `ringcert web SERVER --site " + target.site()
                        + "` prints how the web server uses both.");
    }

    Flaw selfSigned(boolean isForSite) {
        return failure(
                Kind.SELF_SIGNED,
                "the certificate is self-signed",
                isForSite
                        ? "That is right before the first order. After it, reload the web server, or let [deploy] do it."
                        : "The web server has its own certificate, not the store's. Give it a virtual host with this"
                                + " name on port " + target.port() + " (`ringcert web SERVER --site " + target.site()
                                + "` prints one).");
    }

    Flaw expired(Instant notAfter) {
        return failure(
                Kind.EXPIRED,
                "the certificate expired " + span(notAfter) + " ago",
                "`ringcert status` on that server says whether a new one has been issued. If so, reload the web server,"
                        + " or let [deploy] do it.");
    }

    Flaw notYetValid(Instant notBefore) {
        return failure(
                Kind.NOT_YET_VALID,
                "the certificate is not valid until " + span(notBefore) + " from now",
                "The clock of this server or of the issuer is wrong.");
    }

    Flaw issuerExpired(String issuer, Instant notAfter) {
        return failure(
                Kind.EXPIRED,
                "the certificate of its issuer, " + issuer + ", expired " + span(notAfter) + " ago",
                "The web server sends an old chain. " + FILES + " If it does, `ringcert renew --force` gets a new"
                        + " chain.");
    }

    Flaw issuerNotYetValid(String issuer, Instant notBefore) {
        return failure(
                Kind.NOT_YET_VALID,
                "the certificate of its issuer, " + issuer + ", is not valid until " + span(notBefore) + " from now",
                "The clock of this server or of the issuer is wrong.");
    }

    Flaw wrongName(List<HostName> missing) {
        String names = missing.stream().limit(MAX_NAMES).map(HostName::value).collect(Collectors.joining(", "));
        String more = missing.size() > MAX_NAMES ? " and " + (missing.size() - MAX_NAMES) + " more" : "";
        return failure(
                Kind.WRONG_NAME,
                "the certificate is not for " + names + more,
                missing.contains(target.site().name())
                        ? "Give the web server a virtual host with this name on port " + target.port()
                                + " (`ringcert web SERVER --site " + target.site() + "` prints one)."
                        : "`ringcert status` on that server says whether a certificate with all names has been issued."
                                + " If so, reload the web server, or let [deploy] do it.");
    }

    Flaw issuerNotSent(String issuer) {
        return failure(
                Kind.CHAIN_INCOMPLETE,
                notSent(issuer),
                "Visitors who do not have it from elsewhere see an error. " + FILES);
    }

    /** Returns a flaw that not every visitor notices. */
    Flaw chainTooShort(String issuer) {
        return new Flaw(
                Kind.CHAIN_INCOMPLETE,
                Severity.WARNING,
                notSent(issuer),
                "The store has it. Visitors who do not have it from elsewhere see an error. " + FILES);
    }

    private static String notSent(String issuer) {
        return "the web server does not send the certificate of the issuer, " + issuer;
    }

    Flaw chainRefused(String reason) {
        return byStanding(
                Kind.CHAIN_REFUSED,
                "clients refuse the chain: " + PrintableText.of(reason, MAX_REASON),
                "The web server may send certificates that are not from the store. " + FILES);
    }

    Flaw rootNotTrusted(String root) {
        return byStanding(
                Kind.ROOT_NOT_TRUSTED,
                "this system does not trust the root " + root,
                switch (standing) {
                    case PUBLIC ->
                        "Look from another server as well. If that one trusts it, update ca-certificates here. If not,"
                                + " visitors see an error: `root` in [acme] chooses another chain.";
                    case PRIVATE ->
                        "That is right for a staging environment. If it is a CA of your own, add its root to this"
                                + " system's trusted certificates or name it as `ca-file` in [acme].";
                });
    }

    Flaw olderThanOnDisk(String serial) {
        return new Flaw(
                Kind.OLDER_THAN_ON_DISK,
                Severity.WARNING,
                "the store has a newer certificate, serial " + serial,
                "Reload the web server, or let [deploy] do it. It must use the files in certs/" + target.site() + "/.");
    }

    Flaw expiresSoon(Instant notAfter) {
        return new Flaw(
                Kind.EXPIRES_SOON,
                Severity.WARNING,
                "the certificate expires in " + span(notAfter),
                "`ringcert status` on that server says why it has not been renewed.");
    }

    private static Flaw failure(Kind kind, String text, String remedy) {
        return new Flaw(kind, Severity.FAILURE, text, remedy);
    }

    /** Returns a flaw that nobody notices who does not trust the CA in the first place. */
    private Flaw byStanding(Kind kind, String text, String remedy) {
        return new Flaw(kind, standing == CaStanding.PUBLIC ? Severity.FAILURE : Severity.WARNING, text, remedy);
    }

    private String address() {
        String host = target.host();
        return host.indexOf(':') < 0 ? host + ":" + target.port() : "[" + host + "]:" + target.port();
    }

    /** Returns the time between now and then, in whole days, hours or minutes, at least two of them. */
    private String span(Instant then) {
        Duration span = Duration.between(now, then).abs();
        for (ChronoUnit unit : List.of(ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES)) {
            long rounded = span.plus(unit.getDuration().dividedBy(2)).dividedBy(unit.getDuration());
            if (rounded >= 2) {
                return rounded + " " + unit.toString().toLowerCase(Locale.ROOT);
            }
        }
        return span.toSeconds() + " seconds";
    }
}
