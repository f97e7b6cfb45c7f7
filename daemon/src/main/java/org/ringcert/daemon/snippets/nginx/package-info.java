/** What nginx has in its configuration, and where it sends a request. Knows nothing of Ringcert. */
package org.ringcert.daemon.snippets.nginx;
