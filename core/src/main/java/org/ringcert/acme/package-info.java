/**
 * The ACME protocol (RFC 8555) as a client speaks it, behind the port {@link org.ringcert.acme.CertificateAuthority}.
 */
@NullMarked
package org.ringcert.acme;

import org.jspecify.annotations.NullMarked;
