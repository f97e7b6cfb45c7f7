package org.ringcert.daemon.config;

import java.util.Locale;

/** How a node hands over a challenge that it does not hold itself. */
public enum HandoffMode {
    /** Its peers are asked, and the CA is redirected to the one that holds it. */
    REDIRECT,
    /** Its peers are asked, and the holder's answer is given by this node. */
    RELAY,
    /** Nobody is asked; the CA is sent on from server to server. */
    RING;

    /** Its name in the configuration, such as {@code redirect}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
