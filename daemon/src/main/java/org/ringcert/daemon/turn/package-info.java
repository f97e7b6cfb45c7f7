/** When this node may make the orders that a CA's limits count, from what it knows of the other nodes. */
@NullMarked
package org.ringcert.daemon.turn;

import org.jspecify.annotations.NullMarked;
