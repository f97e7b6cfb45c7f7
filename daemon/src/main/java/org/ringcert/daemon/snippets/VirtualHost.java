package org.ringcert.daemon.snippets;

import java.nio.file.FileSystems;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.ringcert.cluster.HostName;

/**
 * A virtual host that a web server has already. Immutable.
 *
 * @param place file and line where it begins
 * @param ports that it is reached at; none for every port
 * @param names that it answers for, wildcards among them; none for every name
 * @param answers whether it has what answers challenges
 */
record VirtualHost(String place, Set<Integer> ports, List<String> names, boolean answers) {

    VirtualHost {
        ports = Set.copyOf(ports);
        names = List.copyOf(names);
    }

    boolean isReachedAt(List<Integer> wanted) {
        return ports.isEmpty() || ports.stream().anyMatch(wanted::contains);
    }

    boolean isFor(HostName name) {
        return names.isEmpty() || names.stream().anyMatch(pattern -> matches(pattern.toLowerCase(Locale.ROOT), name));
    }

    /** As Apache and nginx take wildcards; what nginx takes for a pattern of its own is left to the administrator. */
    private static boolean matches(String pattern, HostName name) {
        if (pattern.startsWith(".")) {
            return name.value().endsWith(pattern) || name.value().equals(pattern.substring(1));
        }
        return pattern.matches("[a-z0-9.*?-]+")
                && FileSystems.getDefault()
                        .getPathMatcher("glob:" + pattern)
                        .matches(java.nio.file.Path.of(name.value()));
    }
}
