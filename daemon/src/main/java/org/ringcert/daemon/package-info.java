/** One node of the cluster: the daemon, and the parts that it is built from. */
@NullMarked
package org.ringcert.daemon;

import org.jspecify.annotations.NullMarked;
