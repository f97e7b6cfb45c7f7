/** What HAProxy has in its configuration, and where that lies. Knows nothing of Ringcert. */
@NullMarked
package org.ringcert.daemon.snippets.haproxy;

import org.jspecify.annotations.NullMarked;
