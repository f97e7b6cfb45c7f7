package org.ringcert.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The limits of a CA, as far as they are known. Immutable.
 *
 * @param limits at most one of each kind
 * @param backDate how long before its issuance a certificate begins to be valid
 */
public record Limits(List<Limit> limits, Duration backDate) {

    /** Of a CA whose limits are not known, such as a private one: nothing has to wait. */
    public static final Limits NONE = new Limits(List.of(), Duration.ZERO);

    public Limits {
        limits = List.copyOf(limits);
    }

    /** Returns the limit of this kind; empty if there is none. */
    public Optional<Limit> find(LimitKind kind) {
        return limits.stream().filter(limit -> limit.kind() == kind).findFirst();
    }
}
