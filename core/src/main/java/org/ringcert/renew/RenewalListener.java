package org.ringcert.renew;

/** Receives the results of passes. Does nothing unless implemented. */
public interface RenewalListener {

    /**
     * Called after each pass, for each certificate: once for its order, and once more if it could not be deployed or is
     * not served. Must not throw.
     */
    default void onResult(RenewalResult result) {}
}
