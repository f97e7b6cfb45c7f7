/** What systemd makes of the archive's units, on a server of its own. */
@NullMarked
package org.ringcert.it.systemd;

import org.jspecify.annotations.NullMarked;
