package org.ringcert.handoff;

import java.time.Duration;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Node;

/**
 * Sends a request to one peer. Methods block for a little more than {@link #TIMEOUT} at most and never fail.
 * Thread-safe.
 */
public interface PeerClient {

    /** How long a request may take, from resolving the peer's address to the last byte of the response. */
    Duration TIMEOUT = Duration.ofSeconds(1);

    /** Asks a peer whether it holds a token. */
    PeerReply ask(Node peer, Token token);

    /**
     * Returns whether a peer's front works: whether it answers with any status but 5xx. A web server that passes
     * requests on to the daemon answers 5xx while the daemon is down.
     */
    boolean isUp(Node peer);
}
