package org.ringcert.view.visitor;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;

/** Compares a certificate with the one that may have issued it. */
final class CertificateSignature {

    private CertificateSignature() {}

    /** Returns whether the issuer's key has signed the certificate. */
    static boolean isBy(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Returns whether this is the issuer of the certificate, by its name and its key. */
    static boolean isIssuer(X509Certificate issuer, X509Certificate certificate) {
        return issuer.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
                && isBy(certificate, issuer);
    }

    static boolean isSelfSigned(X509Certificate certificate) {
        return isIssuer(certificate, certificate);
    }
}
