/** What nginx has in its configuration, and where it sends a request. Knows nothing of Ringcert. */
@NullMarked
package org.ringcert.daemon.snippets.nginx;

import org.jspecify.annotations.NullMarked;
