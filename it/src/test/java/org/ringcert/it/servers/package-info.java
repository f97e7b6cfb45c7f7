/** Debian servers in namespaces, with systemd, ssh and the archive, for tests of what administrators do on a server. */
@NullMarked
package org.ringcert.it.servers;

import org.jspecify.annotations.NullMarked;
