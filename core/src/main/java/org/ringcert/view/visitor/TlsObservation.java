package org.ringcert.view.visitor;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** What a TLS client saw of a server. */
public sealed interface TlsObservation {

    /**
     * The server presented a certificate, valid or not.
     *
     * @param chain what it presented: at least its own certificate, which comes first. The others may be anything.
     * @param failure why the handshake failed after that, in half a sentence that begins with a lower-case letter.
     *     Empty if the handshake was completed, which proves that the server has the key.
     */
    record Served(List<X509Certificate> chain, Optional<String> failure) implements TlsObservation {

        public Served {
            chain = List.copyOf(chain);
        }

        /** Returns the server's own certificate. */
        public X509Certificate leaf() {
            return chain.getFirst();
        }
    }

    /**
     * The server presented no certificate.
     *
     * @param reason half a sentence that begins with a lower-case letter
     */
    record NoCertificate(Obstacle obstacle, String reason) implements TlsObservation {}

    /** How far a client came that saw no certificate. */
    enum Obstacle {
        /** There was no connection in time, or there is no way to the server. */
        UNREACHABLE,

        /** The server refused the connection: no program listens there. */
        REFUSED,

        /** There was a connection, but no certificate. */
        HANDSHAKE_FAILED
    }
}
