package org.ringcert.daemon.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.ringcert.daemon.TextTable;
import org.ringcert.daemon.status.CertificateStatus;
import org.ringcert.daemon.status.HumanTime;
import org.ringcert.daemon.status.NodeStatus;

/** The status of a node for a terminal: a table of its certificates, then a paragraph for each problem. */
final class StatusTable {

    private static final int SHOWN_SERIAL_DIGITS = 12;

    /** How many certificates are named before the others are only counted. */
    private static final int SHOWN_NAMES = 3;

    private StatusTable() {}

    static String of(NodeStatus status, Instant now) {
        StringBuilder text = new StringBuilder("Certificates of " + status.self() + "\n\n");
        text.append(table(status, now));
        paragraphs(status)
                .forEach(paragraph -> text.append("\n").append(paragraph).append("\n"));
        return text.toString();
    }

    private static String table(NodeStatus status, Instant now) {
        boolean hasSeveralCas = status.hasSeveralCas();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("SITE", hasSeveralCas ? "CA" : "ISSUER", "SERIAL", "VALID FOR", "NEXT RENEWAL", "STATE"));
        // The issuers of several CAs would be longer than a line, and name the CA less clearly.
        status.certificates()
                .forEach(certificate -> rows.add(row(
                        certificate,
                        hasSeveralCas ? certificate.ca().or(certificate::issuer) : certificate.issuer(),
                        now)));
        return TextTable.of(rows);
    }

    private static List<String> row(CertificateStatus certificate, Optional<String> issuer, Instant now) {
        return List.of(
                certificate.name().toString(),
                issuer.orElse("-"),
                certificate.serial().map(StatusTable::shortened).orElse("-"),
                certificate.remaining(now).map(HumanTime::rounded).orElse("-"),
                certificate.nextRenewal().map(HumanTime::toMinute).orElse("-"),
                switch (certificate.health()) {
                    case GOOD -> "good";
                    case PROBLEM -> "SEE BELOW";
                    case UNKNOWN -> "UNKNOWN";
                });
    }

    private static String shortened(String serial) {
        return serial.length() > SHOWN_SERIAL_DIGITS ? serial.substring(0, SHOWN_SERIAL_DIGITS) + ".." : serial;
    }

    private static List<String> paragraphs(NodeStatus status) {
        List<String> paragraphs = new ArrayList<>();
        paragraphs.addAll(status.problems());
        paragraphs.addAll(paragraphs(status.certificates(), CertificateStatus::problems));
        paragraphs.addAll(status.notes());
        paragraphs.addAll(paragraphs(status.certificates(), CertificateStatus::notes));
        if (!status.notConfigured().isEmpty()) {
            paragraphs.add("No longer in the configuration, but their files are kept: " + status.notConfigured());
        }
        status.restriction().ifPresent(paragraphs::add);
        return paragraphs;
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
