package org.ringcert.view.look;

/** Looks at names for peers. Thread-safe. */
@FunctionalInterface
public interface LookResponder {

    /** Looks, for a little more than four seconds at most. The front interrupts the thread when it closes. */
    LookAnswer look(LookRequest request);
}
