/** What Apache has in its configuration, and where it sends a request. Entry: {@link org.ringcert.daemon.snippets.apache.ApacheConfiguration}. */
package org.ringcert.daemon.snippets.apache;
