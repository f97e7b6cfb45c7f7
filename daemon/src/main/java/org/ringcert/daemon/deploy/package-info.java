/** What happens on this server after a new certificate. */
@NullMarked
package org.ringcert.daemon.deploy;

import org.jspecify.annotations.NullMarked;
