package org.ringcert.pki;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * When a certificate is valid: from {@code notBefore} through {@code notAfter}, inclusive (RFC 5280, section 4.1.2.5).
 */
public record ValidityPeriod(Instant notBefore, Instant notAfter) {

    /** Most certificates are renewed when a third of the lifetime remains. */
    private static final int SOON = 6;

    public static ValidityPeriod of(X509Certificate certificate) {
        return new ValidityPeriod(
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    public boolean isAhead(Instant now) {
        return now.isBefore(notBefore);
    }

    public boolean isOver(Instant now) {
        return now.isAfter(notAfter);
    }

    /** Returns whether less than a sixth of the lifetime remains, so that the certificate should have been renewed. */
    public boolean endsSoon(Instant now) {
        Duration lifetime = Duration.between(notBefore, notAfter);
        return Duration.between(now, notAfter).toSeconds() < lifetime.toSeconds() / SOON;
    }
}
