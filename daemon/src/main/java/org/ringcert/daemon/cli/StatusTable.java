package org.ringcert.daemon.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringcert.daemon.TextTable;
import org.ringcert.daemon.status.CertificateStatus;
import org.ringcert.daemon.status.HumanTime;
import org.ringcert.daemon.status.NodeStatus;
import org.ringcert.daemon.status.StatusParagraphs;

/** The status of a node for a terminal: a table of its certificates, then a paragraph for each problem. */
final class StatusTable {

    private static final int SHOWN_SERIAL_DIGITS = 12;

    private StatusTable() {}

    static String of(NodeStatus status, Instant now) {
        StringBuilder text = new StringBuilder("Certificates of " + status.self() + "\n\n");
        text.append(table(status, now));
        StatusParagraphs.of(status)
                .all()
                .forEach(paragraph -> text.append("\n").append(paragraph).append("\n"));
        return text.toString();
    }

    /** Returns the same text with the table at the end. */
    static String problemsFirst(NodeStatus status, Instant now) {
        StringBuilder text = new StringBuilder();
        StatusParagraphs.of(status)
                .all()
                .forEach(paragraph -> text.append(paragraph).append("\n\n"));
        return text + "Certificates of " + status.self() + "\n\n" + table(status, now);
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
}
