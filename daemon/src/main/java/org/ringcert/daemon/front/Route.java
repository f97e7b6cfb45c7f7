package org.ringcert.daemon.front;

import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.view.look.LookRequest;

/** What the front does with a well-formed request. */
sealed interface Route {

    /** The request is for a challenge, so the challenge responder answers it. */
    record Challenge(ChallengeRequest request) implements Route {}

    /** A peer asks this node to look at a name, so the look responder answers. */
    record Look(LookRequest request) implements Route {}

    /** The request asks whether the front works. */
    record HealthCheck() implements Route {}

    /**
     * The request is redirected to https.
     *
     * @param keepsMethod true if the client must repeat the request with the same method and body (308), false if it
     *     may use GET (301)
     * @param location printable ASCII, safe in a header
     */
    record Redirect(boolean keepsMethod, String location) implements Route {}

    /** The request is not served. */
    record Reject(HttpError error) implements Route {}
}
