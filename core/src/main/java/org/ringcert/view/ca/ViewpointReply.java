package org.ringcert.view.ca;

/** The reply of a viewpoint. */
public sealed interface ViewpointReply {

    /** It has looked. */
    record Seen(NameView view) implements ViewpointReply {}

    /**
     * It cannot look: a web server without the daemon, an earlier version, or too busy.
     *
     * @param reason half a sentence
     */
    record CannotLook(String reason) implements ViewpointReply {}

    /**
     * It did not reply.
     *
     * @param reason half a sentence
     */
    record NoReply(String reason) implements ViewpointReply {}
}
