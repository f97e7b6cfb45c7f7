package org.ringcert.daemon.snippets.nginx;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Matches a name with {@code server_name} as nginx does: first an exact name, then the longest {@code *.name}, then the
 * longest {@code name.*}, then regular expressions in their order.
 */
final class ServerNames {

    /** nginx matches names in lower case, and ignores case if the expression has a capital letter. */
    private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

    /** PCRE allows group names that Java does not. */
    private static final Pattern NAMED_GROUP = Pattern.compile("(?<!\\\\)\\(\\?P?<[A-Za-z_][A-Za-z0-9_]*>");

    private ServerNames() {}

    /** The quality of a match; a smaller rank is better. */
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

    /** Returns the rank of the best match for a name, which must be in lower case; empty if none matches. */
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
        boolean includesBareName = pattern.startsWith(".");
        if (pattern.equals(name) || (includesBareName && pattern.substring(1).equals(name))) {
            return Optional.of(new Rank(EXACT, 0));
        }
        String suffix = pattern.startsWith("*.") ? pattern.substring(1) : includesBareName ? pattern : "";
        if (!suffix.isEmpty() && name.endsWith(suffix)) {
            return Optional.of(new Rank(LEADING, suffix.length()));
        }
        if (pattern.endsWith(".*") && name.startsWith(pattern.substring(0, pattern.length() - 1))) {
            return Optional.of(new Rank(TRAILING, pattern.length()));
        }
        return Optional.empty();
    }

    /** Returns whether only nginx knows what the name stands for. */
    static boolean isUnsupported(String written) {
        return written.equals("$hostname")
                || (written.startsWith("~") && expression(written).isEmpty());
    }

    private static Optional<Pattern> expression(String written) {
        return compile(written.substring(1), CAPITAL.matcher(written).find() ? Pattern.CASE_INSENSITIVE : 0);
    }

    /** Compiles a regular expression of PCRE with flags of {@link Pattern}; empty if Java does not accept it. */
    static Optional<Pattern> compile(String expression, int flags) {
        try {
            return Optional.of(Pattern.compile(NAMED_GROUP.matcher(expression).replaceAll("("), flags));
        } catch (PatternSyntaxException e) {
            return Optional.empty();
        }
    }
}
