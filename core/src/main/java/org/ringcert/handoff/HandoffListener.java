package org.ringcert.handoff;

import org.ringcert.cluster.Node;

/**
 * Receives what a node does with challenges. All methods do nothing unless implemented. They must not throw, and may be
 * called by several threads at the same time.
 */
public interface HandoffListener {

    /** Ignores everything. */
    HandoffListener NONE = new HandoffListener() {};

    /**
     * An answer to a challenge was found. It may be too late for the client, which may have gone. Must not block,
     * because it is also called on the front's event loop.
     */
    default void onAnswer(ChallengeRequest request, Answer answer) {}

    /** A peer was asked whether it holds a token. Called once for each question that was sent. */
    default void onPeerAsked(Node peer, PeerReply reply) {}
}
