package org.ringcert.daemon.migration;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines {@code name = value} of one section of an ini file, as ConfigObj writes them: a value may be quoted. Of a name
 * that stands twice the last counts. Immutable.
 */
record Settings(Map<String, String> values) {

    private static final Pattern LINE = Pattern.compile("\\s*([A-Za-z_]+)\\s*=\\s*(.*?)\\s*");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\".*|'([^']*)'.*");

    Settings {
        values = Map.copyOf(values);
    }

    /** What stands before the first section. */
    static Settings ofHead(String text) {
        return of(text, "");
    }

    /** The section of that name, without the sections inside it. */
    static Settings ofSection(String text, String section) {
        return of(text, "[" + section + "]");
    }

    private static Settings of(String text, String heading) {
        Map<String, String> values = new HashMap<>();
        String current = "";
        for (String line : text.lines().toList()) {
            Matcher matcher = LINE.matcher(line);
            if (line.strip().startsWith("[")) {
                current = line.strip();
            } else if (current.equals(heading) && matcher.matches()) {
                values.put(matcher.group(1), plain(matcher.group(2)));
            }
        }
        return new Settings(values);
    }

    private static String plain(String value) {
        Matcher quoted = QUOTED.matcher(value);
        if (quoted.matches()) {
            return quoted.group(1) != null ? quoted.group(1) : quoted.group(2);
        }
        return value.replaceFirst("\\s+#.*|^#.*", "");
    }

    /** Nothing where the name does not stand there, or with nothing behind it. */
    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty() && !value.equals("None"));
    }

    /** Whether the name stands there with one of the words for "yes". */
    boolean says(String name, boolean otherwise) {
        return value(name)
                .map(value -> Set.of("true", "yes", "on", "1").contains(value.toLowerCase(Locale.ROOT)))
                .orElse(otherwise);
    }

    /** Those of the names that stand there. */
    List<String> among(List<String> names) {
        return names.stream().filter(name -> value(name).isPresent()).toList();
    }
}
