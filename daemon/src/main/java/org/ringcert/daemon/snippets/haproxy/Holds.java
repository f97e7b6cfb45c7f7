package org.ringcert.daemon.snippets.haproxy;

/** Whether something is so for requests for challenges. */
public enum Holds {
    ALWAYS,
    /** For some of them only, or nobody can tell from here. */
    SOMETIMES,
    NEVER;

    Holds and(Holds other) {
        return compareTo(other) >= 0 ? this : other;
    }

    Holds or(Holds other) {
        return compareTo(other) <= 0 ? this : other;
    }

    Holds not() {
        return switch (this) {
            case ALWAYS -> NEVER;
            case SOMETIMES -> SOMETIMES;
            case NEVER -> ALWAYS;
        };
    }
}
