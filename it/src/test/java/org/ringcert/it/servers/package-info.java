/**
 * Debian servers of their own on this machine, with systemd, ssh and the archive, for what administrators do with whole
 * servers.
 */
@NullMarked
package org.ringcert.it.servers;

import org.jspecify.annotations.NullMarked;
