package org.ringcert.daemon.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How the requests of one CA reach the answer if another node has it: {@code handoff} in {@code [acme]}. */
public enum CaHandoff {

    /** The CA is redirected to the node that has the answer. For CAs that follow redirects to another name. */
    REDIRECT,

    /**
     * The node that was asked fetches the answer and gives it itself. For CAs that do not follow redirects to another
     * name, or are not known to. Nobody can see which CA's token a request is for, so every answer that comes this way
     * is only as safe as the path between the servers.
     */
    RELAY;

    /** Returns the name in the configuration, such as {@code relay}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if it is none of the names; the message says what to write */
    static CaHandoff parse(String written) {
        List<String> labels = Arrays.stream(values()).map(CaHandoff::label).toList();
        return Arrays.stream(values())
                .filter(handoff -> handoff.label().equals(written))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("this is " + Suggestions.forValue(written, labels)));
    }
}
