/** Configuration for other web servers that have port 80 already. */
@NullMarked
package org.ringcert.daemon.snippets;

import org.jspecify.annotations.NullMarked;
