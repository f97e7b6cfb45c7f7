package org.ringcert.plan;

/** What a CA counts. */
public enum LimitKind {
    /** Certificates for one exact set of names, of all accounts and kinds of keys together. */
    CERTIFICATES_PER_NAME_SET("certificates-per-name-set"),
    /** Certificates with new sets of names for one registered domain, of all accounts together. */
    CERTIFICATES_PER_REGISTERED_DOMAIN("certificates-per-registered-domain"),
    /** Orders of one account for new sets of names. */
    ORDERS_PER_ACCOUNT("orders-per-account"),
    /** Failed validations of one name, for one account. */
    FAILED_VALIDATIONS_PER_NAME("failed-validations-per-name"),
    /** Accounts that are registered from one address. */
    ACCOUNTS_PER_ADDRESS("accounts-per-address");

    private final String label;

    LimitKind(String label) {
        this.label = label;
    }

    /** Returns the name in a limits file. */
    public String label() {
        return label;
    }
}
