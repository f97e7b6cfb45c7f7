package org.ringcert.view.visitor;

import java.time.Instant;

/**
 * The certificate that a server presented.
 *
 * @param serial in hexadecimal, as the store prints it
 * @param issuer the common name of its issuer, else the full name; printable, 100 characters at most
 */
public record ServedCertificate(String serial, String issuer, Instant notBefore, Instant notAfter) {}
