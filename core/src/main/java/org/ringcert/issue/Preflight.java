package org.ringcert.issue;

import java.util.Optional;

/** Looks, before an order, whether the CA's validation of its names would succeed. Thread-safe. */
public interface Preflight {

    /** Looks at nothing: every order is made. */
    Preflight NONE = (_, _) -> new Result.Proceed();

    /**
     * Looks at all names of a certificate. Blocks for seconds at most; an interrupt ends the look soon and is
     * preserved.
     */
    Result look(CertificateSpec spec, CertificateSpec.Source source);

    /**
     * Looks at the unique name of a certificate alone, before an order. Blocks for seconds at most; an interrupt ends
     * the look soon and is preserved.
     *
     * @param spec with a unique name
     * @return why the name cannot be validated and what to do, in one or more sentences; empty if it can
     */
    default Optional<String> uniqueNameProblem(CertificateSpec spec, CertificateSpec.Source source) {
        return Optional.empty();
    }

    /** What a look leads to. */
    sealed interface Result {

        /** The order can be made. */
        record Proceed() implements Result {}

        /**
         * The order can be made, but its validation may fail.
         *
         * @param warning why, in one or more sentences
         */
        record ProceedWithWarning(String warning) implements Result {}

        /**
         * The order should wait, because its validation would fail.
         *
         * @param reason why and what to do, in one or more sentences. The same for each look that sees the same.
         */
        record Postpone(String reason) implements Result {}
    }

    /** Whether a look may postpone an order. */
    enum Power {
        MAY_POSTPONE,
        /** A person wants the order now, so the look can only warn. */
        MAY_WARN
    }
}
