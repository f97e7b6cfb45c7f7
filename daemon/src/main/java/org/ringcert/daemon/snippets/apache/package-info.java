/**
 * What Apache has in its configuration, and where it sends a request. Entry:
 * {@link org.ringcert.daemon.snippets.apache.ApacheConfiguration}.
 */
@NullMarked
package org.ringcert.daemon.snippets.apache;

import org.jspecify.annotations.NullMarked;
