package org.ringcert.view.ca;

import java.util.List;

/**
 * One validation request and the redirects that were followed from it. Immutable.
 *
 * @param hops the requests in order, the first included
 * @param verdict how the walk ended
 */
public record Walk(List<Hop> hops, Verdict verdict) {

    public Walk {
        hops = List.copyOf(hops);
    }

    /** Returns how many redirects were followed. */
    public int redirects() {
        return Math.max(0, hops.size() - 1);
    }

    /**
     * One request.
     *
     * @param status the status of the response; 0 if there was none
     */
    public record Hop(String url, int status) {}

    /** How a walk ended. */
    public sealed interface Verdict {

        /** The last response had status 200 and this body. */
        record Ok(String body) implements Verdict {}

        /** The last response had another status, which is not a redirect. */
        record OtherStatus(int status) implements Verdict {}

        /** A CA would have refused to follow the last response, or to accept it. */
        record Refused(String reason) implements Verdict {}

        /** The last request got no response. */
        record NoAnswer(String reason) implements Verdict {}
    }
}
