package org.ringcert.plan;

import java.time.Instant;

/** How a node stands with one of its certificates at a CA, as far as another one knows. */
public sealed interface Standing {

    /**
     * It has one.
     *
     * @param issued when it was issued, as the CA counts it
     */
    record Has(Instant issued) implements Standing {}

    /**
     * It was not seen to have a valid one. That may be because it cannot be seen: it counts as one order, made at its
     * turn after this time, and never again.
     *
     * @param since when this was first noticed
     */
    record Missing(Instant since) implements Standing {}
}
