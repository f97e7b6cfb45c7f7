package org.ringcert.view.visitor;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.PrintableText;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SubjectNames;
import org.ringcert.pki.ValidityPeriod;
import org.ringcert.view.visitor.TlsObservation.Served;

/**
 * A renewed certificate that a server presents, judged by the one that it follows: clients refuse it if its names,
 * dates or key are wrong, or if its chain does not verify although that of its predecessor does. So a CA that no
 * browser trusts is judged by its own past. Immutable.
 *
 * @param site whose names the certificate must have
 * @param keyTypes the types that its key may have, by the configuration
 * @param served what the server presents
 * @param predecessor the chain of the certificate that it follows, leaf first
 */
public record RenewedCertificate(Site site, Set<KeyType> keyTypes, Served served, List<X509Certificate> predecessor) {

    private static final int MAX_REASON = 200;

    /** A clock that is behind by no more than this does not make a certificate bad. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofHours(1);

    public RenewedCertificate {
        keyTypes = Set.copyOf(keyTypes);
        predecessor = List.copyOf(predecessor);
    }

    /**
     * Returns whether it is one to judge: for at least one name of the site, issued by a CA, and newer than its
     * predecessor. Anything else says nothing about a CA: a server may not serve the site, or not have renewed yet.
     */
    public boolean isNewer() {
        X509Certificate leaf = served.leaf();
        return notBefore(leaf).isAfter(notBefore(predecessor.getFirst()))
                && !CertificateSignature.isSelfSigned(leaf)
                && site.names().stream().anyMatch(name -> SubjectNames.matches(leaf, name));
    }

    private static Instant notBefore(X509Certificate certificate) {
        return certificate.getNotBefore().toInstant();
    }

    /** Returns why clients would refuse it, half a sentence without a full stop; empty if they accept it. */
    public Optional<String> problem(ChainTrust trust, Instant now) {
        return names().or(() -> dates(now)).or(this::key).or(this::use).or(() -> chain(trust, now));
    }

    private Optional<String> names() {
        String missing = site.names().stream()
                .filter(name -> !SubjectNames.matches(served.leaf(), name))
                .map(HostName::value)
                .collect(Collectors.joining(", "));
        return missing.isEmpty() ? Optional.empty() : Optional.of("it is not for " + missing);
    }

    private Optional<String> dates(Instant now) {
        ValidityPeriod period = ValidityPeriod.of(served.leaf());
        if (period.isOver(now)) {
            return Optional.of("it expired at " + period.notAfter());
        }
        return period.isAhead(now.plus(CLOCK_TOLERANCE))
                ? Optional.of("it is not valid before " + period.notBefore())
                : Optional.empty();
    }

    private Optional<String> key() {
        if (served.failure().isPresent()) {
            return Optional.of("the handshake fails after it is presented, so the server may have the key of another"
                    + " certificate: " + PrintableText.of(served.failure().get(), MAX_REASON));
        }
        Optional<KeyType> type = KeyType.of(served.leaf().getPublicKey());
        return type.filter(keyTypes::contains).isPresent()
                ? Optional.empty()
                : Optional.of("its key is of the type "
                        + type.map(KeyType::label)
                                .orElse(served.leaf().getPublicKey().getAlgorithm())
                        + ", and the configuration says "
                        + keyTypes.stream().map(KeyType::label).sorted().collect(Collectors.joining(" or ")));
    }

    private Optional<String> use() {
        return !Judgement.isForServers(served.leaf()) && Judgement.isForServers(predecessor.getFirst())
                ? Optional.of("it is not for web servers (its extended key usage lacks serverAuth)")
                : Optional.empty();
    }

    private Optional<String> chain(ChainTrust trust, Instant now) {
        Optional<String> problem = describe(trust.verify(served.chain(), now));
        return problem.filter(_ -> trust.verify(predecessor, now) instanceof ChainVerdict.Trusted)
                .map(text -> text + "; the chain of the present certificate does");
    }

    private static Optional<String> describe(ChainVerdict verdict) {
        return switch (verdict) {
            case ChainVerdict.Trusted _ -> Optional.empty();
            case ChainVerdict.LeadsNowhere(X509Certificate last) ->
                Optional.of("its chain does not lead to a root that this system trusts, but ends at "
                        + Judgement.issuer(last));
            case ChainVerdict.IssuerNotValid(X509Certificate issuer, X509Certificate issued) ->
                Optional.of("its chain does not verify: the certificate of the issuer " + Judgement.issuer(issued)
                        + " is valid from " + issuer.getNotBefore().toInstant() + " to "
                        + issuer.getNotAfter().toInstant());
            case ChainVerdict.Refused(String reason) ->
                Optional.of("its chain does not verify: " + PrintableText.of(reason, MAX_REASON));
        };
    }
}
