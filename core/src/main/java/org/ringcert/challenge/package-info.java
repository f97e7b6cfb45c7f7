/** Tokens and key authorizations of {@code http-01} (RFC 8555, section 8.3), and what of them is held on this node. */
package org.ringcert.challenge;
