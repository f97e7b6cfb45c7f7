package org.ringcert.http;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** The time by which an exchange must have ended, for the connect and read timeouts of a socket. Immutable. */
record SocketDeadline(long nanoTime) {

    static SocketDeadline after(Duration timeout) {
        return new SocketDeadline(System.nanoTime() + timeout.toNanos());
    }

    /**
     * Returns the timeout for the next operation; at least 1.
     *
     * @throws SocketTimeoutException if the deadline has passed
     */
    int remainingMillis() throws SocketTimeoutException {
        long millis = (nanoTime - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw timedOut();
        }
        return Math.toIntExact(millis);
    }

    static SocketTimeoutException timedOut() {
        return new SocketTimeoutException("no complete response in time");
    }
}
