package org.ringcert.acme;

import java.time.Duration;

/** How far this machine's clock may be from the CA's. */
public final class ClockTolerance {

    /** With a smaller difference, renewals are still made in time, and their dates still make sense. */
    private static final Duration MAX_DIFFERENCE = Duration.ofDays(1);

    private ClockTolerance() {}

    /** Returns whether orders may be made with this difference, to either side. */
    public static boolean allows(Duration difference) {
        return difference.abs().compareTo(MAX_DIFFERENCE) <= 0;
    }
}
