package org.ringcert.cluster;

import java.util.HashSet;
import java.util.List;

/**
 * A web site, whose names share one certificate. Immutable.
 *
 * @param names at least one name, without duplicates; the first is the name of the site and of its certificate
 */
public record Site(List<HostName> names) {

    /** @throws IllegalArgumentException if there is no name, or if one occurs twice */
    public Site {
        names = List.copyOf(names);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a site needs at least one name");
        }
        if (new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException("a name of the site is listed twice");
        }
    }

    /** Returns the first of the names. */
    public HostName name() {
        return names.getFirst();
    }

    @Override
    public String toString() {
        return name().value();
    }
}
