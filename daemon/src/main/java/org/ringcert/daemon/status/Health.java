package org.ringcert.daemon.status;

/** The verdict on a site or a node. */
public enum Health {
    GOOD,

    /** Something needs a person. */
    PROBLEM,

    /** This user is not allowed to see enough for a verdict. */
    UNKNOWN
}
