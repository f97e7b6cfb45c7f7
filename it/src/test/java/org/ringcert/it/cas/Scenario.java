package org.ringcert.it.cas;

/** What every CA is asked to do. The order is that of the run. */
enum Scenario {
    REDIRECT("all four certificates in mode redirect"),
    RELAY("all four certificates in mode relay"),
    FORCED_RENEWAL("forced renewal"),
    KILLED("kill -9 in the middle of an order"),
    WRONG_PAGE("a first validation that finds a welcome page, then mended"),
    REFUSED_CONNECTION("a first validation whose connection is refused, then mended"),
    ORDER_FORGOTTEN("an order that the CA has forgotten"),
    ACCOUNT_FORGOTTEN("an account that the CA has forgotten");

    private final String title;

    Scenario(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
