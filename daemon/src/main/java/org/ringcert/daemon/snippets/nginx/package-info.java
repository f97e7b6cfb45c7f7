/** Reads nginx's configuration and selects server blocks as nginx does. Knows nothing of Ringcert. */
@NullMarked
package org.ringcert.daemon.snippets.nginx;

import org.jspecify.annotations.NullMarked;
