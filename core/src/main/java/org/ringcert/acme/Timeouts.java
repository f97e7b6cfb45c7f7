package org.ringcert.acme;

import java.time.Duration;

/**
 * How long to wait for a CA.
 *
 * @param exchange limit for one HTTP request and its complete response
 * @param call limit for an operation on one resource, including nonces, retries and the wait for a free request slot
 * @param validation limit for the CA to decide on an authorization
 * @param issuance limit for the CA to issue a certificate
 * @param renewalInfo limit for a request for renewal information, including retries
 */
record Timeouts(Duration exchange, Duration call, Duration validation, Duration issuance, Duration renewalInfo) {

    static final Timeouts DEFAULT = new Timeouts(
            Duration.ofSeconds(30),
            Duration.ofSeconds(90),
            Duration.ofSeconds(90),
            Duration.ofSeconds(120),
            Duration.ofSeconds(10));
}
