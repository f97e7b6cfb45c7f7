package org.ringcert.handoff;

import org.ringcert.challenge.KeyAuthorization;

/** What a peer replied when it was asked whether it holds a token. */
public sealed interface PeerReply {

    /** The peer holds the token. */
    record Holds(KeyAuthorization keyAuthorization) implements PeerReply {}

    /**
     * The peer does not hold the token, or would turn the CA away as well: status 404, any 3xx (a server that does not
     * understand the question passes it on), or a refused connection.
     */
    record DoesNotHold() implements PeerReply {}

    /**
     * The peer may hold the token: it did not answer in time, could not be reached, broke the connection, or answered
     * with another status or with something that is not a key authorization.
     *
     * @param reason what went wrong, half a sentence in printable ASCII
     */
    record Unclear(String reason) implements PeerReply {}
}
