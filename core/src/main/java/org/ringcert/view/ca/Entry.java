package org.ringcert.view.ca;

/** How a walk enters the cluster. */
public enum Entry {

    /** As a CA does: the server that is reached may redirect to the one that holds the token. */
    ANY_NODE(""),

    /**
     * With an empty list of remaining nodes: the server that is reached must hold the token itself. For names that lead
     * to one node alone.
     */
    HOLDER_ONLY("?left=");

    private final String query;

    Entry(String query) {
        this.query = query;
    }

    /** Returns the query of the first URL, with its question mark; may be empty. */
    String query() {
        return query;
    }
}
