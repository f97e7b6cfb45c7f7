package org.ringcert.view.visitor;

import java.time.Instant;
import org.ringcert.pki.ValidityPeriod;

/**
 * The certificate that a server presented.
 *
 * @param serial in hexadecimal, as the store prints it
 * @param issuer the common name of its issuer, else the full name; printable, 100 characters at most
 */
public record ServedCertificate(String serial, String issuer, Instant notBefore, Instant notAfter) {

    public ValidityPeriod validity() {
        return new ValidityPeriod(notBefore, notAfter);
    }
}
