package org.ringcert.daemon.turn;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/**
 * What a server presented for a certificate, in one look.
 *
 * @param leaf the certificate, good or not; empty if there was none of the kind
 * @param isReachable whether the server answered
 * @param at when it was looked at
 */
record SeenCertificate(Optional<X509Certificate> leaf, boolean isReachable, Instant at) {

    static SeenCertificate unreachable(Instant at) {
        return new SeenCertificate(Optional.empty(), false, at);
    }
}
