/** Keys, certificate requests and certificates: made, read and written as DER and PEM. */
@NullMarked
package org.ringcert.pki;

import org.jspecify.annotations.NullMarked;
