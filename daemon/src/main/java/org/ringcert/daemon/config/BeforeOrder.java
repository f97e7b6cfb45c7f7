package org.ringcert.daemon.config;

import java.util.Arrays;
import java.util.Optional;

/** What happens before an order if a look at the cluster says that the CA's validation would fail. */
public enum BeforeOrder {
    /** The order is postponed. */
    POSTPONE("postpone"),
    /** The order is made, with a warning. */
    WARN("warn"),
    /** Nobody looks. */
    OFF("off");

    private final String label;

    BeforeOrder(String label) {
        this.label = label;
    }

    /** Returns the name in the configuration. */
    public String label() {
        return label;
    }

    static Optional<BeforeOrder> labeled(String label) {
        return Arrays.stream(values())
                .filter(choice -> choice.label.equals(label))
                .findFirst();
    }
}
