package org.ringcert.view.ca;

import java.time.Instant;

/** What https presents for a name at one address. */
public sealed interface HttpsView {

    /**
     * A certificate, trusted or not.
     *
     * @param serial in hexadecimal, as the store prints it
     * @param issuer the issuer's name; untrusted text
     * @param selfSigned whether subject and issuer are the same
     * @param matchesName whether it is for the name that was asked for
     */
    record Certificate(
            String serial, String issuer, Instant notBefore, Instant notAfter, boolean selfSigned, boolean matchesName)
            implements HttpsView {}

    /**
     * No certificate.
     *
     * @param reason half a sentence
     */
    record None(String reason) implements HttpsView {}

    /** It was not looked at. */
    record NotSeen() implements HttpsView {}
}
