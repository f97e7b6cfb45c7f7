package org.ringcert.daemon.snippets.nginx;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * How nginx finds a name in {@code server_name}: an exact name, the longest {@code *.name}, the longest {@code name.*},
 * then regular expressions in their order.
 */
final class ServerNames {

    /** nginx compares in lower case, and without regard to case if the expression has a capital letter. */
    private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

    /** PCRE takes names for groups that Java does not. */
    private static final Pattern NAMED_GROUP = Pattern.compile("(?<!\\\\)\\(\\?P?<[A-Za-z_][A-Za-z0-9_]*>");

    private ServerNames() {}

    /** A match; the smaller the better. */
    record Rank(int kind, int length) implements Comparable<Rank> {

        @Override
        public int compareTo(Rank other) {
            return Comparator.comparingInt(Rank::kind)
                    .thenComparing(Rank::length, Comparator.reverseOrder())
                    .compare(this, other);
        }
    }

    private static final int EXACT = 0;
    private static final int LEADING = 1;
    private static final int TRAILING = 2;
    private static final int EXPRESSION = 3;

    /** How good the best of these is for that name, in lower case; empty where none is. */
    static Optional<Rank> rank(List<String> patterns, String name) {
        return patterns.stream()
                .flatMap(pattern -> rank(pattern, name).stream())
                .min(Comparator.naturalOrder());
    }

    private static Optional<Rank> rank(String written, String name) {
        if (written.startsWith("~")) {
            return expression(written)
                    .filter(pattern -> pattern.matcher(name).find())
                    .map(_ -> new Rank(EXPRESSION, 0));
        }
        String pattern = written.toLowerCase(Locale.ROOT);
        boolean both = pattern.startsWith(".");
        if (pattern.equals(name) || (both && pattern.substring(1).equals(name))) {
            return Optional.of(new Rank(EXACT, 0));
        }
        String suffix = pattern.startsWith("*.") ? pattern.substring(1) : both ? pattern : "";
        if (!suffix.isEmpty() && name.endsWith(suffix)) {
            return Optional.of(new Rank(LEADING, suffix.length()));
        }
        if (pattern.endsWith(".*") && name.startsWith(pattern.substring(0, pattern.length() - 1))) {
            return Optional.of(new Rank(TRAILING, pattern.length()));
        }
        return Optional.empty();
    }

    /** Whether only nginx knows what it stands for. */
    static boolean isRiddle(String written) {
        return written.equals("$hostname")
                || (written.startsWith("~") && expression(written).isEmpty());
    }

    private static Optional<Pattern> expression(String written) {
        return compiled(written.substring(1), CAPITAL.matcher(written).find());
    }

    /** That regular expression of PCRE; empty where Java does not take it. */
    static Optional<Pattern> compiled(String expression, boolean anyCase) {
        try {
            return Optional.of(Pattern.compile(
                    NAMED_GROUP.matcher(expression).replaceAll("("), anyCase ? Pattern.CASE_INSENSITIVE : 0));
        } catch (PatternSyntaxException e) {
            return Optional.empty();
        }
    }
}
