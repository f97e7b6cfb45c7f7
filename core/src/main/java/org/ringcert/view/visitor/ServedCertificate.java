package org.ringcert.view.visitor;

import java.security.cert.X509Certificate;
import java.time.Instant;
import org.ringcert.pki.SerialNumber;
import org.ringcert.pki.ValidityPeriod;

/**
 * The certificate that a server presented.
 *
 * @param serial in hexadecimal, as the store prints it
 * @param issuer the common name of its issuer, else the full name; printable, 100 characters at most
 */
public record ServedCertificate(String serial, String issuer, Instant notBefore, Instant notAfter) {

    /** Describes a certificate. */
    public static ServedCertificate of(X509Certificate leaf) {
        return new ServedCertificate(
                SerialNumber.of(leaf),
                Judgement.issuer(leaf),
                leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant());
    }

    public ValidityPeriod validity() {
        return new ValidityPeriod(notBefore, notAfter);
    }
}
