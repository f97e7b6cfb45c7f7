package org.ringcert.acme;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.acme.AcmeException.Fault;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.PrintableText;
import tools.jackson.databind.JsonNode;

/**
 * A problem document, in which a CA explains an error (RFC 7807; RFC 8555, section 6.7). Its texts come from the CA;
 * they have been cleaned of control characters and cut to a maximum length. Immutable.
 *
 * @param type the problem's URN, such as {@code urn:ietf:params:acme:error:rateLimited}
 * @param detail the CA's explanation
 * @param status the HTTP status of the response; 0 if the document was part of another resource
 * @param instance the http or https URL of a page for a person to read about this occurrence (RFC 7807, section 3.1;
 *     RFC 8555, section 7.3.3)
 */
public record ProblemDocument(
        String type, String detail, int status, List<Subproblem> subproblems, Optional<String> instance) {

    /** The part of a problem that concerns one of several names (RFC 8555, section 6.7.1). */
    public record Subproblem(String type, String detail, Optional<HostName> name) {

        private String summary() {
            return name.map(host -> host + ": ").orElse("") + ProblemDocument.summary(type, detail);
        }
    }

    /** Prefix of the error types of RFC 8555, section 6.7. */
    public static final String NAMESPACE = "urn:ietf:params:acme:error:";

    private static final int MAX_TYPE_LENGTH = 200;
    private static final int MAX_DETAIL_LENGTH = 1000;
    private static final int MAX_SUBPROBLEMS = 100;
    private static final int MAX_SUBPROBLEMS_IN_SUMMARY = 5;

    public ProblemDocument {
        subproblems = List.copyOf(subproblems);
    }

    /** Whether the problem has this type of the ACME namespace, such as {@code rateLimited}. */
    public boolean hasType(String shortType) {
        return type.equals(NAMESPACE + shortType);
    }

    /**
     * Returns the document on one line for a person: the CA's explanation, the type, the first subproblems, then the
     * page to read.
     */
    public String summary() {
        StringBuilder summary = new StringBuilder(summary(type, detail));
        subproblems.stream()
                .limit(MAX_SUBPROBLEMS_IN_SUMMARY)
                .forEach(sub -> summary.append("; ").append(sub.summary()));
        if (subproblems.size() > MAX_SUBPROBLEMS_IN_SUMMARY) {
            summary.append("; and ")
                    .append(subproblems.size() - MAX_SUBPROBLEMS_IN_SUMMARY)
                    .append(" more");
        }
        instance.ifPresent(page -> summary.append("; see ").append(page));
        return summary.toString();
    }

    /**
     * Returns what the administrator can do, in sentences: about the problem's own type, then about the types of its
     * subproblems, each once, with the names that it concerns in front. Empty if no type is known.
     */
    public Optional<String> advice() {
        Map<ProblemType, List<HostName>> namesOfTypes = new LinkedHashMap<>();
        knownType(type).ifPresent(known -> namesOfTypes.put(known, new ArrayList<>()));
        for (Subproblem sub : subproblems) {
            knownType(sub.type()).ifPresent(known -> {
                List<HostName> names = namesOfTypes.computeIfAbsent(known, _ -> new ArrayList<>());
                sub.name().ifPresent(names::add);
            });
        }
        if (namesOfTypes.size() > 1) {
            // The parts say more than that there are parts.
            namesOfTypes.remove(ProblemType.COMPOUND);
        }
        List<String> sentences = new ArrayList<>();
        namesOfTypes.forEach((known, names) -> sentences.add(prefix(names) + known.advice()));
        return sentences.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", sentences));
    }

    /** Returns {@link #summary}, followed by {@link #advice} if there is any. */
    public String summaryWithAdvice() {
        return summary() + advice().map(sentences -> ". " + sentences).orElse("");
    }

    private static String prefix(List<HostName> names) {
        if (names.isEmpty()) {
            return "";
        }
        String listed = names.stream()
                .distinct()
                .limit(MAX_SUBPROBLEMS_IN_SUMMARY)
                .map(HostName::value)
                .collect(Collectors.joining(", "));
        long omitted = names.stream().distinct().count() - MAX_SUBPROBLEMS_IN_SUMMARY;
        return listed + (omitted > 0 ? " and " + omitted + " more" : "") + ": ";
    }

    /**
     * Returns whose fault the problem is: the site's if all its known types say so, its own and those of its
     * subproblems; otherwise the CA's.
     */
    public Fault fault() {
        List<Fault> faults = Stream.concat(Stream.of(type), subproblems.stream().map(Subproblem::type))
                .flatMap(each -> knownType(each).stream())
                .filter(known -> known != ProblemType.COMPOUND)
                .map(ProblemType::fault)
                .toList();
        return !faults.isEmpty() && faults.stream().allMatch(Fault.SITE::equals) ? Fault.SITE : Fault.CA;
    }

    /** Whether the problem's own type is one that ACME defines. */
    boolean hasKnownType() {
        return knownType(type).isPresent();
    }

    private Optional<ProblemType> knownType(String urn) {
        return ProblemType.of(urn, status == 0);
    }

    private static String summary(String type, String detail) {
        String name = type.startsWith(NAMESPACE) ? type.substring(NAMESPACE.length()) : type;
        return detail.isEmpty() ? name : detail + " (" + name + ")";
    }

    /**
     * Reads the fields that are valid and ignores the rest: an error is an error even if its document is malformed.
     * Returns empty if the node is not an object.
     */
    static Optional<ProblemDocument> read(JsonNode node, int status) {
        if (!node.isObject()) {
            return Optional.empty();
        }
        List<Subproblem> subproblems = new ArrayList<>();
        JsonNode list = node.path("subproblems");
        for (int i = 0; i < Math.min(list.size(), MAX_SUBPROBLEMS); i++) {
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
                RemoteText.pageUrl(node.path("instance").stringValue(""))));
    }

    private static String typeOf(JsonNode node) {
        String type = PrintableText.of(node.path("type").stringValue(""), MAX_TYPE_LENGTH);
        // The default type (RFC 7807, section 4.2).
        return type.isEmpty() ? "about:blank" : type;
    }

    private static String detailOf(JsonNode node) {
        return PrintableText.of(node.path("detail").stringValue(""), MAX_DETAIL_LENGTH);
    }

    private static Optional<HostName> nameOf(JsonNode identifier) {
        try {
            return Optional.of(HostName.of(identifier.path("value").stringValue("")));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
