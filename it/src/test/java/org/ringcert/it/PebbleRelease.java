package org.ringcert.it;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import org.ringcert.demo.PebbleBinaries;

/** Which Pebble the tests run against. Where it cannot be had on this machine, the test is skipped and says why. */
enum PebbleRelease {
    /** The one that is installed, or Debian's. */
    INSTALLED,
    /** The newest, which only Go can build. */
    NEWEST;

    PebbleBinaries binaries() {
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
