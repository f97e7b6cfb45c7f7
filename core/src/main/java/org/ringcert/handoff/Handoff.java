package org.ringcert.handoff;

import java.util.Optional;
import org.ringcert.cluster.Cluster;

/** Answers requests for challenges on one node. Safe for any number of threads. */
public final class Handoff {

    /** The cluster it answers for. */
    public Cluster cluster() {
        throw new UnsupportedOperationException("to be written");
    }

    /** The answer where memory alone gives it; never blocks, so an event loop may call it. */
    public Optional<Answer> atOnce(ChallengeRequest request) {
        throw new UnsupportedOperationException("to be written");
    }

    /** The answer. May block: on the disk, and on questions to peers for a second at most. */
    public Answer answer(ChallengeRequest request) {
        throw new UnsupportedOperationException("to be written");
    }
}
