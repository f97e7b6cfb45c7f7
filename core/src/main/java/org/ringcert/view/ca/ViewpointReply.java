package org.ringcert.view.ca;

/** The reply of a viewpoint. */
public sealed interface ViewpointReply {

    /** It has looked. */
    record Seen(NameView view) implements ViewpointReply {}

    /**
     * It cannot look: a web server without the daemon, an earlier version, or too busy.
     *
     * @param reason half a sentence
     * @param remedy what to do, in sentences
     */
    record CannotLook(String reason, String remedy) implements ViewpointReply {

        /** Describes a server that does not look for others. */
        public CannotLook(String reason) {
            this(
                    reason,
                    "So there is one viewpoint less. The daemon of this version can look; a web server in files mode"
                            + " and earlier versions cannot.");
        }
    }

    /**
     * It did not reply.
     *
     * @param reason half a sentence
     */
    record NoReply(String reason) implements ViewpointReply {}
}
