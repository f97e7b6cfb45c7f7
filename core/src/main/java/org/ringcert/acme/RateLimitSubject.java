package org.ringcert.acme;

import java.util.Optional;
import org.ringcert.cluster.HostName;

/** What a CA counts by the limit for which it has refused an order. */
public sealed interface RateLimitSubject {

    /** Certificates for the exact names of the order. Also if the CA does not say so in words that are known. */
    record ExactNames() implements RateLimitSubject {}

    /** Certificates with new sets of names for a registered domain. */
    record RegisteredDomain(HostName domain) implements RateLimitSubject {}

    /** Something else, such as failed validations of a name, or the orders of this node's account. */
    record Other() implements RateLimitSubject {}

    /**
     * Returns what the CA's explanation is about. ACME has no field for that (RFC 8555, section 6.6), so it is read
     * from the CA's words, where those are known.
     */
    static RateLimitSubject of(Optional<ProblemDocument> problem) {
        return RateLimitWords.subject(problem.map(ProblemDocument::detail).orElse(""));
    }
}
