/** Tests renewed certificates as clients would: those of the server that renews first, and this server's own. */
@NullMarked
package org.ringcert.daemon.canary;

import org.jspecify.annotations.NullMarked;
