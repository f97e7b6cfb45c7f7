package org.ringcert.plan;

import java.time.Instant;
import org.ringcert.cluster.HostName;

/**
 * The first order for a set of names that nobody is known to have. The CA counts it as new. Immutable.
 *
 * @param node who makes it
 * @param planned when it is made, if nothing has prevented it
 * @param at the earliest time that is still to come: later than planned if that has passed, and there is no token now
 * @param reason why not earlier
 */
record FirstOrder(HostName node, Instant planned, Instant at, Turn.Reason reason) {}
