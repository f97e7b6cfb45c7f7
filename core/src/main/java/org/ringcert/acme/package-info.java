/**
 * An ACME client (RFC 8555). The rest of the house uses it through the interface
 * {@link org.ringcert.acme.CertificateAuthority}.
 */
@NullMarked
package org.ringcert.acme;

import org.jspecify.annotations.NullMarked;
