package org.ringcert.daemon.front;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Faults of our own while requests were served, told together once in a while: a stranger must not fill the log by
 * repeating what led to one. For the event loop.
 */
final class ErrorSummary {

    private static final Logger log = LoggerFactory.getLogger(Front.class);

    private @Nullable Throwable last;
    private int count;

    void add(Throwable fault) {
        last = fault;
        count++;
    }

    void tell() {
        if (count > 0) {
            log.warn(
                    "port 80: {} request(s) failed by a fault of this program or its disk; the last one:", count, last);
            last = null;
            count = 0;
        }
    }
}
