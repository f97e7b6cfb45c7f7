package org.ringcert.handoff;

import java.util.Locale;

/**
 * What a node does with a challenge request if it does not hold the token. In every mode, a request that another node
 * has redirected here continues its walk.
 */
public enum HandoffMode {
    /**
     * Asks the peers, and redirects the CA to the one that holds the token. A {@link RelayPolicy} makes an exception
     * for CAs that do not follow redirects to another name.
     */
    REDIRECT,
    /**
     * Asks the peers, and passes on the holder's answer; never redirects. The connection between the nodes is plain
     * HTTP, so whoever controls the network between them can change the answer for all of the CA's viewpoints at once.
     */
    RELAY,
    /** Asks no one, and sends the CA around the ring from node to node. */
    RING;

    /** Returns the mode's name in the configuration, such as {@code redirect}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
