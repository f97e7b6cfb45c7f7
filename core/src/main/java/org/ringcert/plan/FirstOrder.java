package org.ringcert.plan;

import java.time.Instant;
import org.ringcert.cluster.HostName;

/**
 * The first order for a set of names that nobody is known to have. The CA counts it as new. Immutable.
 *
 * @param node who makes it
 * @param at the earliest time
 * @param reason why not earlier
 */
record FirstOrder(HostName node, Instant at, Turn.Reason reason) {}
