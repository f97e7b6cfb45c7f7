package org.ringcert.it;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import org.ringcert.demo.PebbleBinaries;

/** The Pebble that a test runs against. */
public enum PebbleRelease {
    /** The installed one, or else Debian's. */
    INSTALLED,
    /** The newest release, which Go builds from source. */
    NEWEST;

    /** Returns the newest release, or the installed one, with the reason printed, if Go cannot build the newest. */
    public static PebbleRelease newestAvailable() {
        try {
            PebbleBinaries.newest(System.err::println);
            return NEWEST;
        } catch (IOException e) {
            System.err.println("testing with the installed Pebble, not the newest: " + e.getMessage());
            return INSTALLED;
        }
    }

    /** Returns the programs. Skips the test, with the reason, if this machine cannot get them. */
    public PebbleBinaries binaries() {
        try {
            return switch (this) {
                case INSTALLED -> PebbleBinaries.find(System.err::println);
                case NEWEST -> PebbleBinaries.newest(System.err::println);
            };
        } catch (IOException e) {
            return abort(String.valueOf(e.getMessage()));
        }
    }
}
