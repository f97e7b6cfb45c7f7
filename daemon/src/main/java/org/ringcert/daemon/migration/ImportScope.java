package org.ringcert.daemon.migration;

/** What is taken over from another program. */
public enum ImportScope {
    CERTIFICATES_AND_ACCOUNTS,

    /** For a server that is not to use the other program's account: an account can be used by one node only. */
    CERTIFICATES_ONLY;

    boolean includesAccounts() {
        return this == CERTIFICATES_AND_ACCOUNTS;
    }
}
