package org.ringcert.daemon.snippets.apache;

import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import org.ringcert.cluster.HostName;

/**
 * A virtual host. Immutable.
 *
 * @param place where its section begins
 * @param names its ServerName first, then what ServerAlias says, wildcards among them
 * @param inside its directives
 */
record Host(Place place, Set<String> names, List<Directive> inside) {

    Host {
        names = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(names));
        inside = List.copyOf(inside);
    }

    boolean isFor(HostName name) {
        return names.stream().anyMatch(pattern -> matches(pattern.toLowerCase(Locale.ROOT), name.value()));
    }

    /** As Apache takes wildcards (ap_strcasecmp_match): {@code *} and {@code ?}. */
    private static boolean matches(String pattern, String name) {
        if (!pattern.matches("[a-z0-9_.*?-]+")) {
            return false;
        }
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + pattern).matches(Path.of(name));
        } catch (PatternSyntaxException | InvalidPathException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return place.toString();
    }
}
