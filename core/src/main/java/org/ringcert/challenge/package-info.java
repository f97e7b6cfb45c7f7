/** The tokens and key authorizations of {@code http-01} (RFC 8555, section 8.3), and those published on this node. */
@NullMarked
package org.ringcert.challenge;

import org.jspecify.annotations.NullMarked;
