package org.ringcert.view.ca;

import java.util.List;

/**
 * One validation request with all that it was redirected to. Immutable.
 *
 * @param hops in their order, the first request included
 */
public record Walk(List<Hop> hops, Verdict verdict) {

    public Walk {
        hops = List.copyOf(hops);
    }

    /** How many redirects were followed. */
    public int redirects() {
        return Math.max(0, hops.size() - 1);
    }

    /**
     * One request.
     *
     * @param status of the answer; 0 where there was none
     */
    public record Hop(String url, int status) {}

    /** How it ended. */
    public sealed interface Verdict {

        /** With 200 and this body. */
        record Ok(String body) implements Verdict {}

        /** With another status that is no redirect. */
        record OtherStatus(int status) implements Verdict {}

        /** A CA would have refused to go on. */
        record Refused(String reason) implements Verdict {}

        /** The last hop gave no answer. */
        record NoAnswer(String reason) implements Verdict {}
    }
}
