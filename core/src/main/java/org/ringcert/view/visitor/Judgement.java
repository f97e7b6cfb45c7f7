package org.ringcert.view.visitor;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.PrintableText;
import org.ringcert.pki.RootName;
import org.ringcert.pki.SerialNumber;
import org.ringcert.pki.SubjectNames;
import org.ringcert.pki.ValidityPeriod;
import org.ringcert.view.visitor.TlsObservation.NoCertificate;
import org.ringcert.view.visitor.TlsObservation.Served;

/** Judges what a server presents for a site. Thread-safe. */
final class Judgement {

    private static final int MAX_ISSUER = 97;

    /** RFC 5280, section 4.2.1.12. */
    private static final List<String> USES_FOR_SERVERS = List.of("1.3.6.1.5.5.7.3.1", "2.5.29.37.0");

    private final HostName self;
    private final ChainTrust trust;
    private final CaStanding standing;
    private final InstalledCertificates installed;

    Judgement(HostName self, ChainTrust trust, CaStanding standing, InstalledCertificates installed) {
        this.self = self;
        this.trust = trust;
        this.standing = standing;
        this.installed = installed;
    }

    /** @param isKindMissing whether others get a certificate, but not visitors who accept only the target's kind */
    Cell cell(VisitorTarget target, TlsObservation observation, boolean isKindMissing, Instant now) {
        FlawText text = new FlawText(target, standing, now);
        Optional<ServedCertificate> certificate = Optional.empty();
        List<Flaw> flaws = new ArrayList<>();
        if (isKindMissing) {
            flaws.add(text.kindMissing());
        } else {
            switch (observation) {
                case NoCertificate none -> flaws.add(text.noCertificate(none));
                case Served served -> {
                    certificate = Optional.of(ServedCertificate.of(served.leaf()));
                    flaws.addAll(flaws(target, served, text, now));
                }
            }
        }
        flaws.sort(Comparator.comparing(Flaw::severity).reversed().thenComparing(Flaw::kind));
        return new Cell(target.key(), certificate, flaws, now);
    }

    /** Returns the name of the issuer, on one line of at most 100 printable characters. */
    static String issuer(X509Certificate certificate) {
        return PrintableText.of(RootName.of(List.of(certificate)), MAX_ISSUER);
    }

    private List<Flaw> flaws(VisitorTarget target, Served served, FlawText text, Instant now) {
        X509Certificate leaf = served.leaf();
        List<HostName> missing = target.site().names().stream()
                .filter(name -> !SubjectNames.matches(leaf, name))
                .toList();
        List<Flaw> flaws = new ArrayList<>();
        served.failure().map(text::handshakeFailed).ifPresent(flaws::add);
        if (!missing.isEmpty()) {
            flaws.add(text.certificate().wrongName(missing));
        }
        if (CertificateSignature.isSelfSigned(leaf)) {
            flaws.add(text.certificate().selfSigned(missing.isEmpty()));
            text.certificate().outOfDate(ValidityPeriod.of(leaf)).ifPresent(flaws::add);
        } else {
            chainFlaw(target, served.chain(), text, now).ifPresent(flaws::add);
            text.certificate().ofDates(ValidityPeriod.of(leaf)).ifPresent(flaws::add);
        }
        if (missing.isEmpty() && target.node().equals(self)) {
            olderThanOnDisk(target, leaf, text).ifPresent(flaws::add);
        }
        return flaws;
    }

    private Optional<Flaw> chainFlaw(VisitorTarget target, List<X509Certificate> chain, FlawText text, Instant now) {
        if (!isForServers(chain.getFirst())) {
            return Optional.of(text.chainRefused("the certificate is not for web servers"));
        }
        return switch (trust.verify(chain, now)) {
            case ChainVerdict.Trusted _ -> Optional.empty();
            case ChainVerdict.LeadsNowhere(X509Certificate last) ->
                Optional.of(leadsNowhere(target, chain.getFirst(), last, text));
            case ChainVerdict.IssuerNotValid(X509Certificate issuer, X509Certificate issued) ->
                issuerNotValid(issuer, issuer(issued), text, now);
            case ChainVerdict.Refused(String reason) -> Optional.of(text.chainRefused(reason));
        };
    }

    /** Returns nothing for an issuer that is valid now, but was not when the certificate was. */
    private static Optional<Flaw> issuerNotValid(X509Certificate issuer, String name, FlawText text, Instant now) {
        ValidityPeriod period = ValidityPeriod.of(issuer);
        if (period.isOver(now)) {
            return Optional.of(text.issuerExpired(name, period.notAfter()));
        }
        return period.isAhead(now) ? Optional.of(text.issuerNotYetValid(name, period.notBefore())) : Optional.empty();
    }

    /** A certificate that does not limit its uses is for all of them. */
    static boolean isForServers(X509Certificate leaf) {
        try {
            List<String> uses = leaf.getExtendedKeyUsage();
            return uses == null || uses.stream().anyMatch(USES_FOR_SERVERS::contains);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /**
     * Tells an incomplete chain from an unknown root. Public CAs never issue certificates by their roots, so there a
     * certificate without its issuer is not enough. A CA of somebody's own may do that. A longer chain is incomplete if
     * this node has the next certificate in its own chain for the site. That may be a root that an older one has
     * cross-signed, which many visitors know.
     */
    private Flaw leadsNowhere(VisitorTarget target, X509Certificate leaf, X509Certificate last, FlawText text) {
        if (CertificateSignature.isSelfSigned(last)) {
            return text.rootNotTrusted(issuer(last));
        }
        if (last.equals(leaf) && standing == CaStanding.PUBLIC) {
            return text.issuerNotSent(issuer(last));
        }
        boolean isOnDisk = installed.chain(target.key()).stream()
                .skip(1)
                .anyMatch(issuer -> CertificateSignature.isIssuer(issuer, last));
        return isOnDisk ? text.chainTooShort(issuer(last)) : text.rootNotTrusted(issuer(last));
    }

    private Optional<Flaw> olderThanOnDisk(VisitorTarget target, X509Certificate leaf, FlawText text) {
        return installed.chain(target.key()).stream()
                .findFirst()
                // Until its first order, the store only has a self-signed one.
                .filter(onDisk -> !CertificateSignature.isSelfSigned(onDisk))
                .filter(onDisk -> leaf.getNotBefore()
                        .toInstant()
                        .isBefore(onDisk.getNotBefore().toInstant()))
                .map(onDisk -> text.olderThanOnDisk(SerialNumber.of(onDisk)));
    }
}
