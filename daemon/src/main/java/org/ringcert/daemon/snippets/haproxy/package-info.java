/** Reads HAProxy's configuration, and finds its files. Knows nothing of Ringcert. */
@NullMarked
package org.ringcert.daemon.snippets.haproxy;

import org.jspecify.annotations.NullMarked;
