/**
 * What a node answers when a CA asks it for a challenge whose token another node may hold. The entry point is
 * {@link org.ringcert.handoff.Handoff}; {@link org.ringcert.handoff.PeerMonitor} checks which peers are up.
 */
@NullMarked
package org.ringcert.handoff;

import org.jspecify.annotations.NullMarked;
