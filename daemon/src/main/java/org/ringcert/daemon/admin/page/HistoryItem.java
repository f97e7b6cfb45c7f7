package org.ringcert.daemon.admin.page;

import java.time.Instant;
import java.util.List;

/**
 * Something that happened to a site on this server.
 *
 * @param text what happened, in half a sentence
 * @param words what somebody else said about it, such as the CA; may be empty
 * @param hops the requests of the CA, in their order; none if this is no validation
 */
public record HistoryItem(Instant time, Outcome outcome, String text, String words, List<String> hops) {

    public HistoryItem {
        hops = List.copyOf(hops);
    }

    /** Whether it is what one wants. */
    public enum Outcome {
        GOOD,
        NEUTRAL,
        BAD
    }
}
