package org.ringcert.store;

import java.util.List;

/**
 * The chains that a CA offered for a certificate. Immutable.
 *
 * @param roots the names of their roots, the default chain's first, each once
 * @param unreadable how many others it offered that could not be used
 */
public record OfferedChains(List<String> roots, int unreadable) {

    public OfferedChains {
        roots = List.copyOf(roots);
    }
}
