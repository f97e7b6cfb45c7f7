package org.ringcert.acme;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate as the CA hands it out, with its default chain (RFC 8555, section 7.4.2). Not verified. Immutable.
 *
 * @param certificates at least one certificate, leaf first
 * @param alternates the URLs of other chains for the same certificate, at most {@value #MAX_ALTERNATES}
 */
public record IssuedChain(List<X509Certificate> certificates, List<URI> alternates) {

    /** How many alternate chains are looked at. Let's Encrypt has offered two at most. */
    static final int MAX_ALTERNATES = 10;

    public IssuedChain {
        certificates = List.copyOf(certificates);
        alternates = List.copyOf(alternates);
    }
}
