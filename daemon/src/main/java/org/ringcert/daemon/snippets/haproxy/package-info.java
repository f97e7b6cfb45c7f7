/** What HAProxy has in its configuration, and where that lies. Knows nothing of Ringcert. */
package org.ringcert.daemon.snippets.haproxy;
