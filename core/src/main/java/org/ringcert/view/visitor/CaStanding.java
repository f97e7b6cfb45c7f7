package org.ringcert.view.visitor;

/** Whether browsers trust the certificates of the configured CAs. */
public enum CaStanding {
    /** All of them are public CAs. */
    PUBLIC,

    /** At least one is a staging environment or a CA of somebody's own. */
    PRIVATE
}
