package org.ringcert.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.ringcert.cluster.HostName;

/**
 * A renewed certificate that clients would refuse, as a test says. Immutable.
 *
 * @param node the server that has the certificate: this one or the canary
 * @param consequence what waits until the test succeeds
 * @param since when the test failed first
 * @param lastTest when it failed last
 * @param nextTest the earliest time for the daemon's next test; commands test at once
 * @param until when the wait ends whatever a test says
 * @param reason why clients would refuse the certificate, half a sentence without a full stop
 */
public record FailedTest(
        HostName node,
        Consequence consequence,
        Instant since,
        Instant lastTest,
        Instant nextTest,
        Instant until,
        String reason) {

    /** The time between two tests. */
    public static final Duration INTERVAL = Duration.ofHours(1);

    /** What waits. The labels are part of the file format. */
    public enum Consequence {
        /** This node has not ordered its certificate, because the canary's is bad. */
        ORDER_WAITS("order"),
        /** This node has a new certificate and has not installed it. */
        INSTALLATION_WAITS("installation"),
        /** Nothing on this node, which is the canary: its certificate is installed, and the other nodes wait. */
        OTHERS_WAIT("others");

        private final String label;

        Consequence(String label) {
            this.label = label;
        }

        /** Returns the word for it in files and in JSON. */
        public String label() {
            return label;
        }

        static Optional<Consequence> labeled(String label) {
            return Arrays.stream(values())
                    .filter(each -> each.label.equals(label))
                    .findFirst();
        }
    }

    /** Returns whether something on this node waits for the next test. */
    public boolean isWaiting(Instant now) {
        return delaysThisNode() && now.isBefore(end());
    }

    /** Returns whether it delays the renewal on this node. */
    public boolean delaysThisNode() {
        return consequence != Consequence.OTHERS_WAIT;
    }

    /** Returns when this node tries again, by a test or without one. */
    public Instant end() {
        return nextTest.isBefore(until) ? nextTest : until;
    }

    /** Limits the time to what is possible, for a clock that was wrong. */
    FailedTest asOf(Instant now) {
        Instant latest = now.plus(INTERVAL);
        return nextTest.isAfter(latest)
                ? new FailedTest(node, consequence, since, lastTest, latest, until, reason)
                : this;
    }
}
