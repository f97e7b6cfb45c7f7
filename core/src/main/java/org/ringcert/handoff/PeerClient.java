package org.ringcert.handoff;

import java.time.Duration;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Node;

/**
 * Puts a question to one peer. Blocks, at most for a little more than {@link #TIMEOUT}; never fails. Safe for any
 * number of threads.
 */
public interface PeerClient {

    /** How long a question may take, from the look-up of the address to the last byte of the answer. */
    Duration TIMEOUT = Duration.ofSeconds(1);

    /** Whether the peer holds the token. */
    PeerReply ask(Node peer, Token token);

    /**
     * Whether the peer's port 80 answers at all: with anything but a 5xx, which is what a web server says whose daemon
     * is down.
     */
    boolean isUp(Node peer);
}
