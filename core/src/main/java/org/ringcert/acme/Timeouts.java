package org.ringcert.acme;

import java.time.Duration;

/**
 * How long is waited for a CA.
 *
 * @param exchange for one request and its whole answer
 * @param call for one resource: waiting for a free place, nonces and repetitions included
 * @param validation for an authorization to be decided
 * @param issuance for a certificate to be made
 */
record Timeouts(Duration exchange, Duration call, Duration validation, Duration issuance) {

    static final Timeouts USUAL = new Timeouts(
            Duration.ofSeconds(30), Duration.ofSeconds(90), Duration.ofSeconds(90), Duration.ofSeconds(120));
}
