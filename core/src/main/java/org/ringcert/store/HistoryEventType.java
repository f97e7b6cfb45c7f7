package org.ringcert.store;

/** What happened. The labels are part of the file format. */
public enum HistoryEventType {
    /** The CA accepted a new order. The text is the order's URL. */
    ORDERED("ordered"),
    /** The certificate is ordered from another CA than the preferred one. The text says why. */
    FELL_BACK("fell-back"),
    /** A new order is made without the unique name of the certificate. The text says why. */
    UNIQUE_NAME_LEFT_OUT("unique-name-left-out"),
    VALIDATED("validated"),
    VALIDATION_FAILED("validation-failed"),
    /** The CA issued no certificate. */
    FAILED("failed"),
    /** Nothing was asked of the CA yet, or the CA asked to wait. */
    POSTPONED("postponed"),
    /** A renewed certificate is one that clients would refuse. The text says why, and may say at which node. */
    TEST_FAILED("test-failed"),
    INSTALLED("installed"),
    /** The new certificate's dates do not agree with this server's clock. */
    IMPLAUSIBLE_DATES("implausible-dates"),
    /** The web server has the certificate, and visitors get it. */
    DEPLOYED("deployed"),
    NOT_DEPLOYED("not-deployed"),
    /** The certificate was deployed, but visitors get another one. */
    NOT_SERVED("not-served"),
    /** The text is the reason. */
    REVOKED("revoked");

    private final String label;

    HistoryEventType(String label) {
        this.label = label;
    }

    /** Returns the word for the type in files and in JSON. */
    public String label() {
        return label;
    }
}
