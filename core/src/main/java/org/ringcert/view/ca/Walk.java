package org.ringcert.view.ca;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.ringcert.challenge.KeyAuthorization;

/**
 * One validation request and the redirects that were followed from it. Immutable.
 *
 * @param hops the requests in order, the first included, and those that failed
 * @param verdict how the walk ended
 * @param warnings what a CA would accept, but is suspicious; the order is that of the hops
 */
public record Walk(List<Hop> hops, Verdict verdict, List<Problem> warnings) {

    public Walk {
        hops = List.copyOf(hops);
        warnings = List.copyOf(warnings);
    }

    /** Returns how many redirects were followed. */
    public int redirects() {
        return Math.max(0, hops.size() - 1);
    }

    /** Returns the status of the last response; empty if the last request got none. */
    public OptionalInt lastStatus() {
        return hops.isEmpty() ? OptionalInt.empty() : hops.getLast().status();
    }

    /** Returns whether a CA would have accepted the answer. */
    public boolean isAccepted() {
        return verdict instanceof Verdict.Accepted;
    }

    /**
     * One request.
     *
     * @param url as requested, without a fragment; printable ASCII
     * @param address the address it was sent to; empty if none could be chosen
     * @param status the status of the response; empty if there was none
     * @param time for the name lookup, the connection and the response together
     */
    public record Hop(String url, Optional<InetAddress> address, OptionalInt status, Duration time) {}

    /** How a walk ended. */
    public sealed interface Verdict {

        /** A CA would have accepted this answer. */
        record Accepted(KeyAuthorization answer) implements Verdict {}

        /** A CA would have refused the last response, or got none. */
        record Refused(Problem problem) implements Verdict {}

        /**
         * This machine cannot tell, because it has no route to the addresses that a CA would use, or because the look
         * ended too early.
         *
         * @param reason half a sentence
         * @param remedy what to do to find out, in sentences; empty if there is nothing
         */
        record Undecided(String reason, String remedy) implements Verdict {}
    }
}
