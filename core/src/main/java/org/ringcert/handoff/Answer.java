package org.ringcert.handoff;

import org.ringcert.challenge.KeyAuthorization;

/** A node's answer to a request for a challenge. */
public sealed interface Answer {

    /**
     * Status 200: this node holds the token.
     *
     * @param hint for the peer that asks; {@link HandoffHint#NONE} in answers to a CA
     */
    record Held(KeyAuthorization keyAuthorization, HandoffHint hint) implements Answer {}

    /** Status 200: a peer holds the token, and this node passes on its answer. */
    record Relayed(KeyAuthorization keyAuthorization) implements Answer {}

    /**
     * Status 302: the CA is redirected to another node.
     *
     * @param location an absolute URL. It consists of configured names and the token only, so it is printable ASCII and
     *     safe in a header.
     */
    record RedirectTo(String location) implements Answer {}

    /** Status 404. */
    record NotFound() implements Answer {}
}
