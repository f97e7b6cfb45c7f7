package org.ringcert.event;

import org.ringcert.handoff.HandoffListener;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.renew.RenewalListener;

/**
 * Receives everything that happens in a node. All methods do nothing unless implemented. They are called on the threads
 * that do the work, several at the same time. {@link #onAnswer} must not block at all, because a front calls it on its
 * event loop.
 */
public interface NodeListener extends IssuanceListener, RenewalListener, HandoffListener {

    /** Ignores everything. */
    NodeListener NONE = new NodeListener() {};
}
