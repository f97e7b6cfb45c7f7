/** Creates keys, certificate requests and self-signed certificates; reads and writes PEM. */
@NullMarked
package org.ringcert.pki;

import org.jspecify.annotations.NullMarked;
