package org.ringcert.daemon.moving;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines {@code name = value} of the other program's configuration; everything else in it is passed over. Of a name that stands twice the last counts. Immutable. */
record Settings(Map<String, String> values) {

    private static final Pattern LINE = Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_]+)\\s*=\\s*(.*?)\\s*");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\".*|'([^']*)'.*");

    Settings {
        values = Map.copyOf(values);
    }

    /** What a shell would assign, as long as it is written plainly: quoted or not, with a comment after it or not. Nothing is expanded. */
    static Settings ofShell(String text) {
        Map<String, String> values = new HashMap<>();
        for (String line : text.lines().toList()) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
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

    /** The section of that name in an ini file, without the sections inside it. */
    static Settings ofSection(String text, String section) {
        Map<String, String> values = new HashMap<>();
        boolean inside = false;
        for (String line : text.lines().toList()) {
            Matcher matcher = LINE.matcher(line);
            if (line.strip().startsWith("[")) {
                inside = line.strip().equals("[" + section + "]");
            } else if (inside && matcher.matches()) {
                values.put(matcher.group(1), matcher.group(2));
            }
        }
        return new Settings(values);
    }

    /** These, and those of the other in front of them. */
    Settings under(Settings other) {
        Map<String, String> all = new HashMap<>(values);
        all.putAll(other.values);
        return new Settings(all);
    }

    /** Nothing where the name does not stand there, or with nothing behind it. */
    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }
}
