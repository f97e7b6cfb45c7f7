package org.ringcert.plan;

import java.time.Instant;

/**
 * The place of one certificate of one node in a CA's renewal window (RFC 9773). It stays the same from renewal to
 * renewal, and the places of a cluster are evenly spread: certificates that were issued together are renewed one after
 * the other, and further apart each time, instead of in bursts. For the CA, which sees many clusters, that is as good
 * as a random choice (section 4.2).
 *
 * @param share the part of the window
 * @param position where in that part, at least 0 and less than 1
 */
public record WindowPlace(WindowShare share, double position) {

    /** The middle of the window, for a node that knows neither peers nor other certificates. */
    public static final WindowPlace MIDDLE = new WindowPlace(WindowShare.WHOLE, 0.5);

    public WindowPlace {
        if (!(position >= 0 && position < 1)) {
            throw new IllegalArgumentException("a place outside the window");
        }
    }

    /** Returns the time of the place in a window, as {@link WindowShare#choose}. */
    public Instant in(Instant start, Instant end) {
        return share.choose(start, end, position);
    }
}
