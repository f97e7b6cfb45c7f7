package org.ringcert.handoff;

import org.ringcert.cluster.Node;

/** Receives what a node does with challenges. All methods do nothing unless implemented, and must not block. */
public interface HandoffListener {

    /** An answer to a challenge was found. */
    default void onAnswer(ChallengeRequest request, Answer answer) {}

    /** A peer was asked whether it holds a token. */
    default void onPeerAsked(Node peer, PeerReply reply) {}
}
