package org.ringcert.plan;

import java.util.Collection;
import java.util.List;
import org.ringcert.cluster.HostName;

/**
 * The exact set of names of a certificate, which a CA counts by. Immutable.
 *
 * @param names sorted, each once
 */
public record NameSet(List<HostName> names) {

    public NameSet {
        names = names.stream().distinct().sorted().toList();
    }

    public static NameSet of(Collection<HostName> names) {
        return new NameSet(List.copyOf(names));
    }
}
