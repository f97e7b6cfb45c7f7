/** The first configuration file of a cluster, by questions and answers. */
@NullMarked
package org.ringcert.daemon.setup;

import org.jspecify.annotations.NullMarked;
