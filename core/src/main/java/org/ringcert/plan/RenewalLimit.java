package org.ringcert.plan;

/** Whether a CA's limits count renewals. */
public enum RenewalLimit {
    /** They do not: the CA has renewal information (RFC 9773), and renewals in its windows are exempt. */
    EXEMPT,
    /** They do: one certificate of each set of names is kept in reserve for a rebuilt server. */
    COUNTED
}
