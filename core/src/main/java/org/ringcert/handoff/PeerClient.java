package org.ringcert.handoff;

import java.time.Duration;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Node;

/**
 * Puts a question to one peer. Blocks, at most for a little more than {@link #PATIENCE}; never fails. Safe for any
 * number of threads.
 */
public interface PeerClient {

    /** How long a question may take, from the look-up of the address to the last byte of the answer. */
    Duration PATIENCE = Duration.ofSeconds(1);

    /** Whether the peer holds the token. */
    Reply ask(Node peer, Token token);

    /**
     * Whether the peer's port 80 answers at all: with anything but a 5xx, which is what a web server says whose daemon
     * is down.
     */
    boolean answers(Node peer);

    /** What came of a question. */
    sealed interface Reply {

        /** The peer holds the token. */
        record Yes(KeyAuthorization keyAuthorization) implements Reply {}

        /**
         * The peer does not hold it, or would refuse the CA as well: 404, any 3xx (servers that do not know the
         * question pass it on), a refused connection.
         */
        record No() implements Reply {}

        /** The peer may hold it, who knows: no answer in time, no way to it, a broken connection, 5xx, garbage. */
        record Silence(String reason) implements Reply {}
    }
}
