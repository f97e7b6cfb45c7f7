package org.ringcert.daemon.snippets.haproxy;

/** Whether a rule or condition applies to requests for challenges. */
public enum Applicability {
    ALWAYS,
    /** It applies to some of them only, or this cannot be known. */
    MAYBE,
    NEVER;

    Applicability and(Applicability other) {
        return compareTo(other) >= 0 ? this : other;
    }

    Applicability or(Applicability other) {
        return compareTo(other) <= 0 ? this : other;
    }

    Applicability not() {
        return switch (this) {
            case ALWAYS -> NEVER;
            case MAYBE -> MAYBE;
            case NEVER -> ALWAYS;
        };
    }
}
