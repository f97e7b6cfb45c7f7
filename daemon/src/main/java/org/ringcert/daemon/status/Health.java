package org.ringcert.daemon.status;

/** The verdict on a site or a node. */
public enum Health {
    GOOD,

    /** Something needs a person. */
    PROBLEM,

    /** This user may not see enough to tell. */
    UNKNOWN
}
