package org.ringcert.daemon.front;

import org.ringcert.handoff.ChallengeRequest;

/** What the front does with a request that can be read. */
sealed interface Route {

    /** It is for a challenge: whoever knows the challenges answers. */
    record Ask(ChallengeRequest request) implements Route {}

    /** It asks whether the front works. */
    record Well() implements Route {}

    /**
     * It goes to https.
     *
     * @param keepsMethod whether the client must come with the same method and body (308), else GET is what it may use
     *     (301)
     * @param location printable ASCII, safe in a header
     */
    record Redirect(boolean keepsMethod, String location) implements Route {}

    /** It is not served. */
    record Refuse(Refusal refusal) implements Route {}
}
