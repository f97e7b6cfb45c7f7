/** When each certificate is ordered, and what happens after a failure. */
@NullMarked
package org.ringcert.renew;

import org.jspecify.annotations.NullMarked;
