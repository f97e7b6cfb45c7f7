package org.ringcert.daemon.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.ringcert.daemon.TextTable;
import org.ringcert.daemon.status.HumanTime;
import org.ringcert.daemon.status.NodeStatus;
import org.ringcert.daemon.status.SiteStatus;

/** The status of a node for a terminal: a table of its sites, then a paragraph for each problem. */
final class StatusTable {

    private static final int SHOWN_SERIAL_DIGITS = 12;

    /** How many sites are named before the others are only counted. */
    private static final int SHOWN_SITES = 3;

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
        status.sites()
                .forEach(site -> rows.add(row(site, hasSeveralCas ? site.ca().or(site::issuer) : site.issuer(), now)));
        return TextTable.of(rows);
    }

    private static List<String> row(SiteStatus site, Optional<String> issuer, Instant now) {
        return List.of(
                site.site().name().value(),
                issuer.orElse("-"),
                site.serial().map(StatusTable::shortened).orElse("-"),
                site.remaining(now).map(HumanTime::rounded).orElse("-"),
                site.nextRenewal().map(HumanTime::toMinute).orElse("-"),
                switch (site.health()) {
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
        paragraphs.addAll(paragraphs(status.sites(), SiteStatus::problems));
        paragraphs.addAll(status.notes());
        paragraphs.addAll(paragraphs(status.sites(), SiteStatus::notes));
        if (!status.notConfigured().isEmpty()) {
            paragraphs.add("No longer in the configuration, but their files are kept: " + status.notConfigured());
        }
        status.restriction().ifPresent(paragraphs::add);
        return paragraphs;
    }

    /** Returns a paragraph for each sentence, with all sites that it is about. */
    private static List<String> paragraphs(List<SiteStatus> sites, Function<SiteStatus, List<String>> sentences) {
        Map<String, List<String>> sitesBySentence = new LinkedHashMap<>();
        for (SiteStatus site : sites) {
            for (String sentence : sentences.apply(site)) {
                sitesBySentence
                        .computeIfAbsent(sentence, _ -> new ArrayList<>())
                        .add(site.site().toString());
            }
        }
        return sitesBySentence.entrySet().stream()
                .map(entry -> list(entry.getValue()) + ": " + entry.getKey())
                .toList();
    }

    private static String list(List<String> sites) {
        // A single name is no longer than "1 more".
        if (sites.size() <= SHOWN_SITES + 1) {
            return String.join(", ", sites);
        }
        return String.join(", ", sites.subList(0, SHOWN_SITES)) + " and " + (sites.size() - SHOWN_SITES) + " more";
    }
}
