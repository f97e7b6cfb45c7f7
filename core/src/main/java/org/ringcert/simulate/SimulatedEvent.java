package org.ringcert.simulate;

/** What happens at a moment of a simulation. An event is a number: its type and what it concerns. */
enum SimulatedEvent {
    /** A fault begins. First, so that it comes before what else happens at that moment. */
    FAULT_BEGINS,
    FAULT_ENDS,
    /** A node gets the configuration file with a new site. */
    NEW_FILE,
    /** The polled CA tells a node that its certificate was revoked. */
    RECALL,
    /** An order is finished. */
    ISSUE,
    /** A pass looks at a certificate. */
    WAKE,
    /** An hour is over. */
    HOUR;

    private static final int INDEX_BITS = 32;
    private static final SimulatedEvent[] TYPES = values();

    /** @param index of the fault, the node's certificate, or what else it concerns */
    @SuppressWarnings("EnumOrdinal") // never stored, only packed
    long of(int index) {
        return ((long) ordinal() << INDEX_BITS) | index;
    }

    static SimulatedEvent type(long event) {
        return TYPES[(int) (event >> INDEX_BITS)];
    }

    static int index(long event) {
        return (int) event;
    }
}
