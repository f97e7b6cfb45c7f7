/** Decides when each certificate is ordered, what happens after a failure, and deploys new certificates. */
@NullMarked
package org.ringcert.renew;

import org.jspecify.annotations.NullMarked;
