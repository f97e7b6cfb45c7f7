package org.ringcert.daemon.check;

/** Receives how far a check has come. Called from any thread. */
@FunctionalInterface
public interface CheckProgress {

    /** Ignores progress. */
    CheckProgress NONE = (_, _) -> {};

    /**
     * Receives that a look has ended.
     *
     * @param done how many looks have ended
     * @param total how many there will be
     */
    void onLook(int done, int total);
}
