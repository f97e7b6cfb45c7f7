package org.ringcert.handoff;

import org.ringcert.challenge.KeyAuthorization;

/** A peer's reply to the question whether it holds a token. */
public sealed interface PeerReply {

    /** The peer holds the token. */
    record Holds(KeyAuthorization keyAuthorization, HandoffHint hint) implements PeerReply {}

    /**
     * The peer does not hold the token, or would refuse the CA as well: it answered 404 or any 3xx (a server that does
     * not know the parameter {@code left} passes the request on), or refused the connection.
     */
    record DoesNotHold() implements PeerReply {}

    /**
     * The peer may hold the token: it did not answer in time, could not be reached, broke the connection, or answered
     * with another status or with something that is not a key authorization.
     *
     * @param reason what went wrong, half a sentence
     */
    record Unclear(String reason) implements PeerReply {}
}
