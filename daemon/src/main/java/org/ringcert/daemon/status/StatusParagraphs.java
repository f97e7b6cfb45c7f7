package org.ringcert.daemon.status;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is said about a node below the table of its certificates, a paragraph each. Immutable.
 *
 * @param problems what needs a person
 * @param notes what is worth knowing and is no problem
 */
public record StatusParagraphs(List<String> problems, List<String> notes) {

    /** How many certificates are named before the others are only counted. */
    private static final int SHOWN_NAMES = 3;

    public StatusParagraphs {
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }

    /** Returns the paragraphs about a node. Each begins with the certificates that it concerns. */
    public static StatusParagraphs of(NodeStatus status) {
        List<String> problems = new ArrayList<>(status.problems());
        problems.addAll(paragraphs(status.certificates(), CertificateStatus::problems));
        List<String> notes = new ArrayList<>(status.notes());
        notes.addAll(paragraphs(status.certificates(), CertificateStatus::notes));
        if (!status.notConfigured().isEmpty()) {
            notes.add("No longer in the configuration, but their files are kept: " + status.notConfigured());
        }
        status.restriction().ifPresent(notes::add);
        return new StatusParagraphs(problems, notes);
    }

    /** Returns all paragraphs, the problems first. */
    public Stream<String> all() {
        return Stream.concat(problems.stream(), notes.stream());
    }

    /** Returns a paragraph for each sentence, with all certificates that it is about. */
    private static List<String> paragraphs(
            List<CertificateStatus> certificates, Function<CertificateStatus, List<String>> sentences) {
        Map<String, List<String>> namesBySentence = new LinkedHashMap<>();
        for (CertificateStatus certificate : certificates) {
            for (String sentence : sentences.apply(certificate)) {
                namesBySentence
                        .computeIfAbsent(sentence, _ -> new ArrayList<>())
                        .add(certificate.name().toString());
            }
        }
        return namesBySentence.entrySet().stream()
                .map(entry -> list(entry.getValue()) + ": " + entry.getKey())
                .toList();
    }

    private static String list(List<String> names) {
        // A single name is no longer than "1 more".
        if (names.size() <= SHOWN_NAMES + 1) {
            return String.join(", ", names);
        }
        return String.join(", ", names.subList(0, SHOWN_NAMES)) + " and " + (names.size() - SHOWN_NAMES) + " more";
    }
}
