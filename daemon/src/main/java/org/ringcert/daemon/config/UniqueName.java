package org.ringcert.daemon.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ringcert.cluster.HostName;

/**
 * The pattern of a name that a site's certificate has on one server, or on one group of servers, besides the names of
 * the site. The CA then counts the certificates of each server, or of each group, on their own. Immutable.
 *
 * @param pattern a host name with one placeholder, such as <code>{node}.www.example.org</code>
 */
public record UniqueName(String pattern) {

    private static final Pattern IN_BRACES = Pattern.compile("\\{[^{}]*}");

    /** Stands for any value of the placeholder. */
    private static final String SAMPLE_LABEL = "a";

    /** What the placeholder stands for. */
    enum Placeholder {
        /** The first label of the server's name. */
        NODE("{node}"),
        /** The server's {@code group}. */
        GROUP("{group}");

        private final String text;

        Placeholder(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** @throws IllegalArgumentException if it is not such a pattern; the message says what would be right */
    public UniqueName {
        check(pattern);
    }

    private static void check(String pattern) {
        List<String> inBraces =
                IN_BRACES.matcher(pattern).results().map(match -> match.group()).toList();
        for (String each : inBraces) {
            if (Arrays.stream(Placeholder.values()).noneMatch(known -> known.text.equals(each))) {
                throw new IllegalArgumentException(
                        Findings.quoted(each) + " is unknown; write {node} for the first label of"
                                + " the server's name, or {group} for its `group` in [[node]]");
            }
        }
        if (inBraces.isEmpty()) {
            throw new IllegalArgumentException("with the same name on every server, the CA counts as without it; write"
                    + " {node} or {group} in it, such as {node}.www.example.org");
        }
        if (inBraces.size() > 1) {
            throw new IllegalArgumentException("write one placeholder, {node} or {group}, once");
        }
        HostName _ = HostNameParser.parse(pattern.replace(inBraces.getFirst(), SAMPLE_LABEL));
    }

    Placeholder placeholder() {
        return pattern.contains(Placeholder.NODE.text) ? Placeholder.NODE : Placeholder.GROUP;
    }

    /**
     * Returns the name on a server. Empty if the pattern needs a group and the server has none.
     *
     * @throws IllegalArgumentException if the result is no host name; the message says why
     */
    Optional<HostName> on(NodeSettings node) {
        return switch (placeholder()) {
            case NODE -> Optional.of(with(node.node().name().firstLabel()));
            case GROUP -> node.group().map(this::with);
        };
    }

    private HostName with(String label) {
        return HostNameParser.parse(pattern.replaceFirst(IN_BRACES.pattern(), Matcher.quoteReplacement(label)));
    }

    @Override
    public String toString() {
        return pattern;
    }
}
