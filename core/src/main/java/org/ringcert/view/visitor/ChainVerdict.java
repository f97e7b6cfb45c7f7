package org.ringcert.view.visitor;

import java.security.cert.X509Certificate;

/** Whether the certificates that a server presents lead to a trusted root. */
sealed interface ChainVerdict {

    /** They do. */
    record Trusted() implements ChainVerdict {}

    /**
     * They lead to no trusted root.
     *
     * @param last the last certificate that they lead to; the server's own if none of the others fits it
     */
    record LeadsNowhere(X509Certificate last) implements ChainVerdict {}

    /**
     * They lead to a trusted root, but only through a certificate that is no longer valid, or not yet.
     *
     * @param issuer the one that is not valid
     * @param issued the one that it has issued
     */
    record IssuerNotValid(X509Certificate issuer, X509Certificate issued) implements ChainVerdict {}

    /**
     * They lead to a trusted root, but clients refuse the way.
     *
     * @param reason in the words of the Java runtime
     */
    record Refused(String reason) implements ChainVerdict {}
}
