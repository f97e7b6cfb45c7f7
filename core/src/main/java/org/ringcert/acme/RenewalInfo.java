package org.ringcert.acme;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When the CA wants a certificate to be renewed (RFC 9773, section 4.2). The times come from the CA and may be far in
 * the past or in the future. Immutable.
 *
 * @param start the start of the suggested window, inclusive
 * @param end the end of the window, exclusive; after its start
 * @param explanationUrl the http or https URL of a page that tells a person why the window is what it is
 * @param retryAfter when the CA wants the next request, as it says, cut to 0 to 7 days; empty if it does not say so in
 *     either form of RFC 9110, section 10.2.3. RFC 9773, section 4.3.2 lets clients limit it further.
 */
public record RenewalInfo(Instant start, Instant end, Optional<String> explanationUrl, Optional<Duration> retryAfter) {

    /** @throws IllegalArgumentException if the window does not end after its start */
    public RenewalInfo {
        if (!end.isAfter(start)) {
            throw new IllegalArgumentException("a renewal window ends after its start");
        }
    }
}
