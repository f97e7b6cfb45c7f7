/** The ACME protocol (RFC 8555) as a client speaks it, behind the port {@link org.ringcert.acme.CertificateAuthority}. */
package org.ringcert.acme;
