package org.ringcert.handoff;

import org.ringcert.challenge.KeyAuthorization;

/** What a node answers to a request for a challenge. */
public sealed interface Answer {

    /** 200: the token is held on this node. */
    record Held(KeyAuthorization keyAuthorization) implements Answer {}

    /** 200: a peer holds the token, and its answer is given here. */
    record Relayed(KeyAuthorization keyAuthorization) implements Answer {}

    /**
     * 302 to another node.
     *
     * @param location an absolute URL, built from configured names and the token only: printable ASCII, safe in a
     *     header
     */
    record RedirectTo(String location) implements Answer {}

    /** 404. */
    record NotFound() implements Answer {}
}
