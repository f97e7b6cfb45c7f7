package org.ringcert.store;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a failed attempt to get a certificate has cost, and so how soon another may follow. */
public enum FailureKind {
    /**
     * The CA could not be reached, or had a server error. No limit counts that, and the site may be tried again as soon
     * as the CA answers anyone on this node.
     */
    UNREACHABLE,
    /** Something else that no limit counts, such as an answer that is not ACME, or a full disk. */
    UNCOUNTED,
    /** A failed validation, a refused order, or anything else that a limit of the CA counts or may count. */
    COUNTED,
    /** The CA refused because of a rate limit. The refusal itself costs nothing. */
    RATE_LIMITED;

    /** Returns the name in files. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<FailureKind> fromLabel(String label) {
        return Stream.of(values()).filter(kind -> kind.label().equals(label)).findFirst();
    }
}
