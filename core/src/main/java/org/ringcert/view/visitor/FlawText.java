package org.ringcert.view.visitor;

import java.time.Instant;
import org.ringcert.cluster.PrintableText;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.view.visitor.Flaw.Kind;
import org.ringcert.view.visitor.Flaw.Severity;
import org.ringcert.view.visitor.TlsObservation.NoCertificate;

/** Words for what is wrong with one target at one time, apart from its certificate. */
final class FlawText {

    private static final int MAX_REASON = 200;

    private static final String FILES =
            "The web server must use the fullchain.pem of the site (HAProxy: its combined.pem), not its cert.pem.";

    private final VisitorTarget target;
    private final CaStanding standing;
    private final Instant now;
    private final CertificateFlaws certificate;

    FlawText(VisitorTarget target, CaStanding standing, Instant now) {
        this.target = target;
        this.standing = standing;
        this.now = now;
        this.certificate = new CertificateFlaws(target.site(), target.port(), now);
    }

    /** Returns the words for what is wrong with the certificate itself. */
    CertificateFlaws certificate() {
        return certificate;
    }

    Flaw noCertificate(NoCertificate none) {
        String reason = PrintableText.of(none.reason(), MAX_REASON);
        return switch (none.obstacle()) {
            case UNREACHABLE ->
                CertificateFlaws.failure(
                        Kind.UNREACHABLE,
                        "there is no connection, " + reason,
                        "Check that the server is up and that no firewall blocks " + address() + ". `https` of "
                                + target.node() + " in the configuration says where its https is.");
            case REFUSED ->
                CertificateFlaws.failure(
                        Kind.REFUSED,
                        reason,
                        "No program listens at " + address() + ". Start the web server there: the store has a"
                                + " self-signed certificate for it until the CA has issued one (`ringcert renew"
                                + " --prepare`).");
            case HANDSHAKE_FAILED ->
                CertificateFlaws.failure(
                        Kind.HANDSHAKE_FAILED,
                        "there is no certificate, " + reason,
                        "Give the web server a virtual host with this name on port " + target.port()
                                + " (`ringcert web SERVER --site " + target.site()
                                + "` prints one). Its log says more.");
        };
    }

    Flaw handshakeFailed(String reason) {
        return CertificateFlaws.failure(
                Kind.HANDSHAKE_FAILED,
                "the handshake fails after the certificate, " + PrintableText.of(reason, MAX_REASON),
                "The web server may have a private key of another certificate. It must use both files of one folder in"
                        + " certs, and be reloaded.");
    }

    Flaw kindMissing() {
        String kind = target.kind().map(KeyAlgorithm::toString).orElse("other");
        return CertificateFlaws.failure(
                Kind.KIND_MISSING,
                "visitors who accept only " + kind + " keys get no certificate",
                "The site has a certificate of this kind as well: `ringcert web SERVER --site " + target.site()
                        + "` prints how the web server uses both.");
    }

    Flaw issuerExpired(String issuer, Instant notAfter) {
        return CertificateFlaws.failure(
                Kind.EXPIRED,
                "the certificate of its issuer, " + issuer + ", expired " + CertificateFlaws.span(now, notAfter)
                        + " ago",
                "The web server sends an old chain. " + FILES + " If it does, `ringcert renew --force` gets a new"
                        + " chain.");
    }

    Flaw issuerNotYetValid(String issuer, Instant notBefore) {
        return CertificateFlaws.failure(
                Kind.NOT_YET_VALID,
                "the certificate of its issuer, " + issuer + ", is not valid until "
                        + CertificateFlaws.span(now, notBefore) + " from now",
                "The clock of this server or of the issuer is wrong.");
    }

    Flaw issuerNotSent(String issuer) {
        return CertificateFlaws.failure(
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
                                + " visitors see an error: `chain` in [acme] chooses another one.";
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

    /** Returns a flaw that nobody notices who does not trust the CA in the first place. */
    private Flaw byStanding(Kind kind, String text, String remedy) {
        return new Flaw(kind, standing == CaStanding.PUBLIC ? Severity.FAILURE : Severity.WARNING, text, remedy);
    }

    private String address() {
        String host = target.host();
        return host.indexOf(':') < 0 ? host + ":" + target.port() : "[" + host + "]:" + target.port();
    }
}
