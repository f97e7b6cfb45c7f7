package org.ringcert.daemon.snippets.apache;

import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import org.ringcert.cluster.HostName;

/**
 * A virtual host. Immutable.
 *
 * @param position where its section begins
 * @param names its ServerName first, then its ServerAlias names, which may have wildcards
 * @param inside its directives
 */
record VirtualHost(SourcePosition position, Set<String> names, List<ApacheDirective> inside) {

    VirtualHost {
        names = Collections.unmodifiableSet(new LinkedHashSet<>(names));
        inside = List.copyOf(inside);
    }

    boolean serves(HostName name) {
        return names.stream().anyMatch(pattern -> matches(pattern.toLowerCase(Locale.ROOT), name.value()));
    }

    /** Matches wildcards as Apache does (ap_strcasecmp_match): {@code *} and {@code ?}. */
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
        return position.toString();
    }
}
