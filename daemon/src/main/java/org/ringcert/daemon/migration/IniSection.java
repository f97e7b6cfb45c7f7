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
 * One section of an ini file as ConfigObj writes it: lines {@code name = value}, where the value may be quoted. If a
 * name occurs twice, the last line counts. Immutable.
 */
record IniSection(Map<String, String> values) {

    private static final Pattern LINE = Pattern.compile("\\s*([A-Za-z_]+)\\s*=\\s*(.*?)\\s*");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\".*|'([^']*)'.*");

    IniSection {
        values = Map.copyOf(values);
    }

    /** Reads the lines before the first section heading. */
    static IniSection beforeFirstHeading(String text) {
        return under("", text);
    }

    /** Reads the named section, without its subsections. */
    static IniSection named(String name, String text) {
        return under("[" + name + "]", text);
    }

    private static IniSection under(String heading, String text) {
        Map<String, String> values = new HashMap<>();
        String current = "";
        for (String line : text.lines().toList()) {
            Matcher matcher = LINE.matcher(line);
            if (line.strip().startsWith("[")) {
                current = line.strip();
            } else if (current.equals(heading) && matcher.matches()) {
                values.put(matcher.group(1), withoutQuotes(matcher.group(2)));
            }
        }
        return new IniSection(values);
    }

    private static String withoutQuotes(String value) {
        Matcher quoted = QUOTED.matcher(value);
        if (quoted.matches()) {
            return quoted.group(1) != null ? quoted.group(1) : quoted.group(2);
        }
        return value.replaceFirst("\\s+#.*|^#.*", "");
    }

    /** Returns the value; empty if the name is missing, or its value is blank or {@code None}. */
    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty() && !value.equals("None"));
    }

    /** Returns true if the value is one of the words for "yes". */
    boolean isTrue(String name) {
        return value(name).filter(IniSection::isYes).isPresent();
    }

    /** Returns true if there is no value, or it is one of the words for "yes". */
    boolean isTrueOrMissing(String name) {
        return value(name).isEmpty() || isTrue(name);
    }

    private static boolean isYes(String value) {
        return Set.of("true", "yes", "on", "1").contains(value.toLowerCase(Locale.ROOT));
    }

    /** Returns those of the names that have a value. */
    List<String> presentAmong(List<String> names) {
        return names.stream().filter(name -> value(name).isPresent()).toList();
    }
}
