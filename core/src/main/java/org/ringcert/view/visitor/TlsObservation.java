package org.ringcert.view.visitor;

import java.security.cert.X509Certificate;

/** What a visitor saw. */
public sealed interface TlsObservation {

    /** The server showed that certificate, good or bad; whatever became of the connection after. */
    record Served(X509Certificate leaf) implements TlsObservation {}

    /** No certificate was shown. The reason is half a sentence, begun by a small letter. */
    record NoCertificate(String reason) implements TlsObservation {}
}
