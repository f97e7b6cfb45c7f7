package org.ringcert.daemon.front;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts internal errors and logs them together from time to time. A client must not be able to fill the log by
 * repeating the request that caused one. For the event loop only.
 */
final class ErrorSummary {

    private static final Logger log = LoggerFactory.getLogger(Front.class);

    private @Nullable Throwable last;
    private int count;

    void add(Throwable error) {
        last = error;
        count++;
    }

    /** Logs the number of errors since the previous call, and the last of them. Logs nothing if there were none. */
    void log() {
        if (count > 0) {
            log.warn("port 80: {} error(s), from a bug in Ringcert or from the disk; the last one:", count, last);
            last = null;
            count = 0;
        }
    }
}
