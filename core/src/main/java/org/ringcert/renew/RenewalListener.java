package org.ringcert.renew;

/** Receives the results of passes. */
public interface RenewalListener {

    /** Called for each certificate once in each pass. Does nothing unless implemented. */
    default void onResult(RenewalResult result) {}
}
