package org.ringcert.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * When a certificate version is to be renewed according to its CA (RFC 9773), as last heard. Stored beside the version
 * in {@code renewal.json}. Immutable.
 *
 * @param suggestion the CA's last valid suggestion; empty if it has made none yet
 * @param nextPoll when to ask the CA again
 * @param failedPolls how many requests have failed since the last valid suggestion
 * @param planned when this node has planned to renew it, because the CA makes no suggestions and its limits count
 *     renewals; empty if it has not
 */
public record RenewalSchedule(
        Optional<Suggestion> suggestion, Instant nextPoll, int failedPolls, Optional<Instant> planned) {

    /** The longest time until the next request. A longer one was recorded while the clock was wrong. */
    public static final Duration MAX_POLL_INTERVAL = Duration.ofDays(1);

    /** Of a version that the CA has not been asked about yet. */
    public static final RenewalSchedule UNKNOWN = new RenewalSchedule(Optional.empty(), Instant.EPOCH, 0);

    /**
     * The CA's suggestion, and the time that this node chose in it.
     *
     * @param start the beginning of the suggested window
     * @param end the end of the suggested window, after its start
     * @param explanationUrl a page for the administrator that explains the suggestion
     * @param chosen the random time in the window at which this node renews
     */
    public record Suggestion(Instant start, Instant end, Optional<String> explanationUrl, Instant chosen) {

        /** Returns the same suggestion with another explanation. */
        public Suggestion withExplanation(Optional<String> url) {
            return new Suggestion(start, end, url, chosen);
        }

        /** Returns the same suggestion with another chosen time. */
        public Suggestion withChosen(Instant time) {
            return new Suggestion(start, end, explanationUrl, time);
        }

        /** Returns whether it suggests exactly this window. */
        public boolean isFor(Instant otherStart, Instant otherEnd) {
            return start.equals(otherStart) && end.equals(otherEnd);
        }
    }

    /** A schedule without a time that this node has planned. */
    public RenewalSchedule(Optional<Suggestion> suggestion, Instant nextPoll, int failedPolls) {
        this(suggestion, nextPoll, failedPolls, Optional.empty());
    }

    /** Returns this schedule with another suggestion, if it has one. */
    public RenewalSchedule withSuggestion(UnaryOperator<Suggestion> change) {
        return new RenewalSchedule(suggestion.map(change), nextPoll, failedPolls, planned);
    }

    /** Returns this schedule corrected for a clock that was wrong: a request too far in the future is due now. */
    RenewalSchedule asOf(Instant now) {
        return nextPoll.isAfter(now.plus(MAX_POLL_INTERVAL))
                ? new RenewalSchedule(suggestion, now, failedPolls, planned)
                : this;
    }
}
