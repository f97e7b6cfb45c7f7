package org.ringcert.view.visitor;

import java.security.cert.X509Certificate;

/** What a TLS client saw of a server. */
public sealed interface TlsObservation {

    /** The server presented this certificate, valid or not, even if the handshake failed later. */
    record Served(X509Certificate leaf) implements TlsObservation {}

    /**
     * The server presented no certificate.
     *
     * @param reason half a sentence that begins with a lower-case letter
     */
    record NoCertificate(String reason) implements TlsObservation {}
}
