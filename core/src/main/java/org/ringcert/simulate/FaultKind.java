package org.ringcert.simulate;

import java.util.Arrays;
import java.util.Optional;

/** What goes wrong in a simulation. */
public enum FaultKind {
    OUTAGE("outage", "the CA is out of order for five days"),
    AWAY("away", "a node is switched off for thirty days"),
    RESTART("restart", "all nodes are restarted at once"),
    REVOCATION("revoke", "the CA revokes one certificate"),
    MASS_REVOCATION("revoke-all", "the CA revokes all certificates at once"),
    CLOCK_STEP("clock", "the clock of a node is wrong for a while"),
    MOVE("move", "the name of a site leads to another node"),
    REBUILD("rebuild", "a node loses its disk, and comes back after an hour with an empty store"),
    ROLLOUT("rollout", "a site is added, and the nodes get the new file over six hours"),
    BLIND("blind", "port 443 of a node cannot be seen by its peers for thirty days");

    private final String label;
    private final String description;

    FaultKind(String label, String description) {
        this.label = label;
        this.description = description;
    }

    /** Returns the name on the command line. */
    public String label() {
        return label;
    }

    /** Returns what happens, a clause. */
    public String description() {
        return description;
    }

    /** Returns the kind with this label; empty if there is none. */
    public static Optional<FaultKind> fromLabel(String label) {
        return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
    }
}
