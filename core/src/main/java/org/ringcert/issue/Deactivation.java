package org.ringcert.issue;

/** How the deactivation of an account ended. */
public enum Deactivation {
    /** The account is deactivated at the CA. */
    DONE,
    /** The CA no longer knew the account. */
    UNKNOWN_TO_CA
}
