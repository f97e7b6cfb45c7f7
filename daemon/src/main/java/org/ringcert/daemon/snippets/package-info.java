/** Configuration for other web servers that already use port 80. */
@NullMarked
package org.ringcert.daemon.snippets;

import org.jspecify.annotations.NullMarked;
