/**
 * When the nodes of a cluster order their certificates within a CA's limits, computed by each node for itself. Pure.
 */
@NullMarked
package org.ringcert.plan;

import org.jspecify.annotations.NullMarked;
