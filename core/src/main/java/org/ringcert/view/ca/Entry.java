package org.ringcert.view.ca;

import java.util.Optional;

/** How a walk enters the cluster. */
public enum Entry {

    /** As a CA does: the server that is reached may redirect to the one that holds the token. */
    ANY_NODE(Optional.empty()),

    /**
     * With an empty list of remaining nodes: the server that is reached must hold the token itself. For names that lead
     * to one node alone.
     */
    HOLDER_ONLY(Optional.of("left="));

    @SuppressWarnings("ImmutableEnumChecker") // An Optional of a String is immutable.
    private final Optional<String> query;

    Entry(Optional<String> query) {
        this.query = query;
    }

    /** Returns the query of the first URL, without the question mark. */
    Optional<String> query() {
        return query;
    }
}
