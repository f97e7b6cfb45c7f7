package org.ringcert.acme;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ringcert.cluster.HostName;
import tools.jackson.databind.JsonNode;

/**
 * What a CA says when it refuses (RFC 7807; RFC 8555, section 6.7). Its texts come from outside: control characters are
 * taken out and the length is bounded before they get here. Immutable.
 *
 * @param type the problem's URN, such as {@code urn:ietf:params:acme:error:rateLimited}
 * @param detail the CA's own words
 * @param status the HTTP status it came with; 0 where it was part of another answer
 * @param instance a page about this case that a person is to read, by http or https (RFC 7807, section 3.1; RFC 8555,
 *     section 7.3.3)
 */
public record ProblemDocument(
        String type, String detail, int status, List<Subproblem> subproblems, Optional<String> instance) {

    /** What concerns one name of several (RFC 8555, section 6.7.1). */
    public record Subproblem(String type, String detail, Optional<HostName> name) {

        private String summary() {
            return name.map(host -> host + ": ").orElse("") + ProblemDocument.summary(type, detail);
        }
    }

    /** The types of RFC 8555, section 6.7 begin so. */
    public static final String NAMESPACE = "urn:ietf:params:acme:error:";

    private static final int LONGEST_TYPE = 200;
    private static final int LONGEST_DETAIL = 1000;
    private static final Pattern PAGE = Pattern.compile("https?://[\\x21-\\x7e]{1,500}");
    private static final int MOST_SUBPROBLEMS = 100;
    private static final int MOST_IN_WORDS = 5;

    public ProblemDocument {
        subproblems = List.copyOf(subproblems);
    }

    /** Whether it is of that type of the ACME namespace, such as {@code rateLimited}. */
    public boolean hasType(String shortType) {
        return type.equals(NAMESPACE + shortType);
    }

    /** All of it in one line for a person: the CA's words, its type, then name by name, then the page to read. */
    public String summary() {
        StringBuilder words = new StringBuilder(summary(type, detail));
        subproblems.stream()
                .limit(MOST_IN_WORDS)
                .forEach(sub -> words.append("; ").append(sub.summary()));
        if (subproblems.size() > MOST_IN_WORDS) {
            words.append("; and ").append(subproblems.size() - MOST_IN_WORDS).append(" more");
        }
        instance.ifPresent(page -> words.append("; see ").append(page));
        return words.toString();
    }

    private static String summary(String type, String detail) {
        String name = type.startsWith(NAMESPACE) ? type.substring(NAMESPACE.length()) : type;
        return detail.isEmpty() ? name : detail + " (" + name + ")";
    }

    /**
     * Reads what is there to be read: a CA that refuses badly has refused all the same. Empty where it is no object.
     */
    static Optional<ProblemDocument> read(JsonNode node, int status) {
        if (!node.isObject()) {
            return Optional.empty();
        }
        List<Subproblem> subproblems = new ArrayList<>();
        JsonNode list = node.path("subproblems");
        for (int i = 0; i < Math.min(list.size(), MOST_SUBPROBLEMS); i++) {
            JsonNode sub = list.path(i);
            if (sub.isObject()) {
                subproblems.add(new Subproblem(typeOf(sub), detailOf(sub), nameOf(sub.path("identifier"))));
            }
        }
        return Optional.of(new ProblemDocument(
                typeOf(node),
                detailOf(node),
                status,
                subproblems,
                page(node.path("instance").stringValue(""))));
    }

    /** The text where it is the URL of a page that can be shown to a person. */
    static Optional<String> page(String text) {
        return Optional.of(text).filter(url -> PAGE.matcher(url).matches());
    }

    /**
     * The text in one line and no longer than that, without what could move a terminal's cursor or turn its direction.
     */
    static String clean(String text, int longest) {
        StringBuilder clean = new StringBuilder();
        text.codePoints().limit(longest + 1L).map(c -> harmless(c) ? c : ' ').forEach(clean::appendCodePoint);
        boolean cut = clean.codePointCount(0, clean.length()) > longest;
        if (cut) {
            clean.setLength(clean.offsetByCodePoints(0, longest));
        }
        return clean.toString().replaceAll(" {2,}", " ").strip() + (cut ? "..." : "");
    }

    private static boolean harmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    private static String typeOf(JsonNode node) {
        String type = clean(node.path("type").stringValue(""), LONGEST_TYPE);
        // RFC 7807, section 4.2: what has no type is of this one.
        return type.isEmpty() ? "about:blank" : type;
    }

    private static String detailOf(JsonNode node) {
        return clean(node.path("detail").stringValue(""), LONGEST_DETAIL);
    }

    private static Optional<HostName> nameOf(JsonNode identifier) {
        try {
            return Optional.of(HostName.of(identifier.path("value").stringValue("")));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
