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

    /** They lead to a trusted root, but only through this certificate, which is no longer valid, or not yet. */
    record IssuerNotValid(X509Certificate issuer) implements ChainVerdict {}

    /**
     * They lead to a trusted root, but clients refuse the way.
     *
     * @param reason in the words of the Java runtime
     */
    record Refused(String reason) implements ChainVerdict {}
}
