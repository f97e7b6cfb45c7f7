package org.ringcert.acme;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one value of a Link header (RFC 8288, section 3), which may hold several links. Reading ends at the first
 * violation of the syntax; the links before it count. Used once.
 */
final class LinkHeader {

    /** A longer value is ignored. A link has hardly more than 200 characters. */
    private static final int MAX_LENGTH = 1 << 15;

    private final String text;
    private int position;

    private LinkHeader(String text) {
        this.text = text;
    }

    /**
     * A link.
     *
     * @param target the text between the angle brackets, a URL that may be relative
     * @param relations what the first {@code rel} parameter holds
     * @param isAnchored whether it has an {@code anchor}, and so is about another page
     */
    private record Link(String target, String relations, boolean isAnchored) {

        boolean has(String relation) {
            return !isAnchored && Arrays.stream(relations.split("[ \t]+")).anyMatch(relation::equalsIgnoreCase);
        }
    }

    /**
     * Returns the targets of the links of one relation type, in their order. They may be anything, and may be relative.
     * Links about another page ({@code anchor}) are left out.
     *
     * @param values the values of all Link headers
     * @param relation a registered relation type, such as {@code alternate}
     */
    static List<String> targets(List<String> values, String relation) {
        return values.stream()
                .filter(value -> value.length() <= MAX_LENGTH)
                .flatMap(value -> new LinkHeader(value).links().stream())
                .filter(link -> link.has(relation))
                .map(Link::target)
                .toList();
    }

    private List<Link> links() {
        List<Link> links = new ArrayList<>();
        Optional<Link> link = next();
        while (link.isPresent()) {
            links.add(link.get());
            link = next();
        }
        return links;
    }

    private Optional<Link> next() {
        skipWhitespace();
        while (accept(',')) {
            skipWhitespace();
        }
        if (!accept('<')) {
            return Optional.empty();
        }
        int end = text.indexOf('>', position);
        if (end < 0) {
            return Optional.empty();
        }
        String target = text.substring(position, end).strip();
        position = end + 1;
        return Optional.of(withParameters(target));
    }

    private Link withParameters(String target) {
        @Nullable String relations = null;
        boolean isAnchored = false;
        skipWhitespace();
        while (accept(';')) {
            skipWhitespace();
            String name = textUpTo("=;,").strip();
            String value = accept('=') ? value() : "";
            if (name.equalsIgnoreCase("rel") && relations == null) {
                relations = value;
            } else if (name.equalsIgnoreCase("anchor")) {
                isAnchored = true;
            }
            skipWhitespace();
        }
        return new Link(target, relations == null ? "" : relations, isAnchored);
    }

    private String value() {
        skipWhitespace();
        return accept('"') ? quoted() : textUpTo(";,").strip();
    }

    /** Reads up to the closing quote. A backslash stands for the character after it. */
    private String quoted() {
        StringBuilder value = new StringBuilder();
        while (position < text.length() && !accept('"')) {
            if (text.charAt(position) == '\\' && position + 1 < text.length()) {
                position++;
            }
            value.append(text.charAt(position++));
        }
        return value.toString();
    }

    private String textUpTo(String delimiters) {
        int start = position;
        while (position < text.length() && delimiters.indexOf(text.charAt(position)) < 0) {
            position++;
        }
        return text.substring(start, position);
    }

    private void skipWhitespace() {
        while (position < text.length() && (text.charAt(position) == ' ' || text.charAt(position) == '\t')) {
            position++;
        }
    }

    private boolean accept(char expected) {
        boolean found = position < text.length() && text.charAt(position) == expected;
        if (found) {
            position++;
        }
        return found;
    }
}
