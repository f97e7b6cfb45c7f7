package org.ringcert.daemon.front;

import org.ringcert.view.look.LookAnswer;
import org.ringcert.view.look.LookRequest;

/**
 * Receives the events of a front, but for answers to challenges, which {@link org.ringcert.handoff.HandoffListener}
 * receives. All methods are called on the front's event loop and must not block. Whatever they throw is logged and
 * otherwise ignored.
 */
public interface FrontListener {

    /** Ignores everything. */
    FrontListener NONE = new FrontListener() {};

    /** A connection was accepted. {@link #connectionClosed} follows exactly once. */
    default void connectionAccepted() {}

    /** A connection was closed as soon as it was opened, because too many were open or the front was closing. */
    default void connectionRefused() {}

    /** An accepted connection was closed, by either side. */
    default void connectionClosed() {}

    /**
     * A peer's request to look was answered. This includes answers that came too late, because the request had timed
     * out or the client had gone away.
     */
    default void lookAnswered(LookRequest request, LookAnswer answer) {}

    /** A request was redirected to https. */
    default void redirectedToHttps() {}

    /** A request for the front's health was answered. */
    default void healthChecked() {}

    /** A request was not served. If an internal error is the reason, {@link #internalError} is called instead. */
    default void requestRefused(HttpError reason) {}

    /** Something failed, because of a bug in Ringcert or a disk error. If it was a request, its client got a 500. */
    default void internalError(Throwable error) {}
}
