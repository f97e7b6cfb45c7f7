package org.ringcert.handoff;

import java.util.Optional;

/**
 * What the holder of a token says about its hand-over when a peer asks for the token. The header and its value are
 * fixed for ever, because nodes of all versions understand each other.
 */
public enum HandoffHint {
    /** The asking node hands the token over as its {@link HandoffMode} says. */
    NONE,
    /** The token's CA does not follow redirects to another name. The asking node should give it the answer itself. */
    RELAY;

    /** The header of a response that carries the hint. */
    public static final String HEADER = "Ringcert-Handoff";

    /** The header's value for {@link #RELAY}. Responses with another hint have no such header. */
    public static final String RELAY_VALUE = "relay";

    /**
     * Parses the header of a peer's response, which is untrusted.
     *
     * @param value the header's value; empty if the response has no such header or more than one
     */
    static HandoffHint parse(Optional<String> value) {
        return value.filter(RELAY_VALUE::equals).isPresent() ? RELAY : NONE;
    }
}
