package org.ringcert.view.look;

/** Looks at names for peers. Thread-safe. */
public interface LookResponder {

    /** Looks, within a little more than four seconds. Blocks. The front interrupts the thread when it closes. */
    LookAnswer look(LookRequest request);
}
