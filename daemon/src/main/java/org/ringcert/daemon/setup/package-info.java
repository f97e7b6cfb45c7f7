/** Writes the first configuration file of a cluster from the user's answers. */
@NullMarked
package org.ringcert.daemon.setup;

import org.jspecify.annotations.NullMarked;
