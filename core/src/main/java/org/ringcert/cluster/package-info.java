/** The nodes of a cluster and the sites they serve, as the configuration names them. */
@NullMarked
package org.ringcert.cluster;

import org.jspecify.annotations.NullMarked;
