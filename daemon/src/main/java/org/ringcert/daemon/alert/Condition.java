package org.ringcert.daemon.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.PrintableText;

/**
 * Something that needs a person, as it is at one moment. Immutable.
 *
 * @param subject what it is about; the same for the same problem at any time
 * @param text what is wrong and what to do, on one line without control characters, cut to {@link #MAX_TEXT}
 * @param grace how long it must last until a person is told. Unless zero, it must also be seen at a later moment than
 *     the first, so a single look never is enough.
 * @param seen the moment at which it was seen
 */
public record Condition(Subject subject, String text, Duration grace, Instant seen) {

    /** The most characters of a text. */
    public static final int MAX_TEXT = 1_000;

    /**
     * What an alert is about.
     *
     * @param kind the kind of problem
     * @param node the node that has it, this one or another
     * @param site the site, if it is about one
     * @param part what of it: the name of a certificate or a CA; empty if there is but one
     */
    public record Subject(AlertKind kind, HostName node, Optional<HostName> site, String part) {

        /** Returns an identifier of one word. */
        public String id() {
            return kind.label() + ":" + node + (part.isEmpty() ? "" : ":" + part.replaceAll("\\s", "_"));
        }
    }

    public Condition {
        text = PrintableText.of(text, MAX_TEXT);
    }
}
