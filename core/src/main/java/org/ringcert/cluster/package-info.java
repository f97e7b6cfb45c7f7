/** The configured nodes of a cluster, the sites they serve, and which peers have recently failed to answer. */
@NullMarked
package org.ringcert.cluster;

import org.jspecify.annotations.NullMarked;
