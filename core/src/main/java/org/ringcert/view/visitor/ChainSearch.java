package org.ringcert.view.visitor;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ringcert.pki.RootBundle;

/**
 * A search for a way from a server's certificate to a trusted root, through the other certificates that the server
 * presents. Each way that is found is validated (RFC 5280, section 6). For one thread.
 */
final class ChainSearch {

    /** Maximum signatures to verify. An honest chain needs three; a hostile one could have thousands of ways. */
    private static final int MAX_SIGNATURES = 40;

    private final RootBundle roots;
    private final List<X509Certificate> presented;
    private final Date date;
    private final List<X509Certificate> way = new ArrayList<>();
    private int signatures;
    private X509Certificate last;
    private int longest;
    private Optional<ChainVerdict> refusal = Optional.empty();

    /**
     * @param roots those that are trusted
     * @param presented at least one certificate, the server's own first
     */
    ChainSearch(RootBundle roots, List<X509Certificate> presented, Instant now) {
        this.roots = roots;
        this.presented = presented;
        this.last = presented.getFirst();
        this.date = Date.from(momentWithin(last, now));
    }

    /** Returns the moment that is closest to now when the certificate was valid. */
    private static Instant momentWithin(X509Certificate leaf, Instant now) {
        Instant start = leaf.getNotBefore().toInstant();
        Instant end = leaf.getNotAfter().toInstant();
        if (now.isBefore(start)) {
            return start;
        }
        return now.isAfter(end) ? end : now;
    }

    ChainVerdict verdict() {
        if (reachesRoot(presented.getFirst())) {
            return new ChainVerdict.Trusted();
        }
        return refusal.orElseGet(() -> new ChainVerdict.LeadsNowhere(last));
    }

    private boolean reachesRoot(X509Certificate current) {
        way.add(current);
        if (way.size() > longest) {
            longest = way.size();
            last = current;
        }
        boolean reached = isIssuedByRoot(current) || isIssuedByPresented(current);
        way.removeLast();
        return reached;
    }

    private boolean isIssuedByRoot(X509Certificate current) {
        return roots.named(current.getIssuerX500Principal()).stream()
                .anyMatch(root -> isSigned(current, root) && isValid(root));
    }

    private boolean isIssuedByPresented(X509Certificate current) {
        return presented.stream()
                .filter(candidate -> candidate.getSubjectX500Principal().equals(current.getIssuerX500Principal()))
                .filter(candidate -> !way.contains(candidate))
                .anyMatch(candidate -> isSigned(current, candidate) && reachesRoot(candidate));
    }

    private boolean isSigned(X509Certificate certificate, X509Certificate issuer) {
        return ++signatures <= MAX_SIGNATURES && CertificateSignature.isBy(certificate, issuer);
    }

    private boolean isValid(X509Certificate root) {
        try {
            CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(way);
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(date);
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
            return true;
        } catch (CertPathValidatorException e) {
            refuse(verdict(e));
            return false;
        } catch (CertificateException | InvalidAlgorithmParameterException e) {
            refuse(new ChainVerdict.Refused(String.valueOf(e.getMessage())));
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime cannot verify certificates", e);
        }
    }

    private void refuse(ChainVerdict verdict) {
        refusal = refusal.or(() -> Optional.of(verdict));
    }

    private ChainVerdict verdict(CertPathValidatorException e) {
        boolean isDate = e.getReason() == BasicReason.EXPIRED || e.getReason() == BasicReason.NOT_YET_VALID;
        if (isDate && e.getIndex() > 0) {
            return new ChainVerdict.IssuerNotValid(way.get(e.getIndex()), way.get(e.getIndex() - 1));
        }
        return new ChainVerdict.Refused(String.valueOf(e.getMessage()));
    }
}
