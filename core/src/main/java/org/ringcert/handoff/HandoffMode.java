package org.ringcert.handoff;

import java.util.Locale;

/**
 * How a node hands over a challenge that it does not hold itself. A walk that comes from another node is walked on in
 * every mode.
 */
public enum HandoffMode {
    /** Its peers are asked, and the CA is redirected to the one that holds it. */
    REDIRECT,
    /**
     * Its peers are asked, and the holder's answer is given by this node; never a redirect. Over plain HTTP this trusts
     * the path between the nodes for all of the CA's viewpoints at once.
     */
    RELAY,
    /** Nobody is asked; the CA is sent on from server to server. */
    RING;

    /** Its name in the configuration, such as {@code redirect}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
