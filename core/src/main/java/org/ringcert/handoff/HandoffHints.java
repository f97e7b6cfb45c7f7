package org.ringcert.handoff;

import java.util.Optional;
import org.ringcert.challenge.KeyAuthorization;

/** Knows which tokens belong to a CA that does not follow redirects to another name. Thread-safe. */
public interface HandoffHints {

    /** Returns the hint for a token that this node holds if memory alone gives it. Never blocks. */
    Optional<HandoffHint> hintFromMemory(KeyAuthorization keyAuthorization);

    /** Returns the hint for a token that this node holds. May block on the disk. */
    HandoffHint hint(KeyAuthorization keyAuthorization);
}
