/**
 * An ACME client (RFC 8555) with renewal information (RFC 9773). The rest of the house uses it through the interface
 * {@link org.ringcert.acme.CertificateAuthority}.
 */
@NullMarked
package org.ringcert.acme;

import org.jspecify.annotations.NullMarked;
