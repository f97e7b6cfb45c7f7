package org.ringcert.cluster;

import java.util.HashSet;
import java.util.List;

/**
 * A web site: the names that share one certificate. Immutable.
 *
 * @param names at least one, none twice; the first names the site and its certificate
 */
public record Site(List<HostName> names) {

    /** @throws IllegalArgumentException if there is no name or one is doubled */
    public Site {
        names = List.copyOf(names);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a site has at least one name");
        }
        if (new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException("a name of a site is doubled");
        }
    }

    /** The first of its names. */
    public HostName name() {
        return names.getFirst();
    }

    @Override
    public String toString() {
        return name().value();
    }
}
