package org.ringcert.daemon.config;

import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.plan.Limit;
import org.ringcert.plan.LimitKind;
import org.ringcert.plan.Limits;
import org.ringcert.store.AuthorityProgress;
import org.tomlj.TomlPosition;

/** Reads a limits file whose syntax is right. Used once. */
final class LimitsReader {

    private static final TomlPosition START_OF_FILE = TomlPosition.positionAt(1, 1);
    private static final long MAX_CAPACITY = 1_000_000;
    private static final Duration MAX_PERIOD = Duration.ofDays(366);
    private static final Duration MAX_BACK_DATE = Duration.ofDays(1);
    private static final int MAX_SOURCE_LENGTH = 500;

    private final TomlFile file;
    private final LocalDate today;
    private final Map<URI, TomlPosition> casSoFar = new HashMap<>();

    /** @param today the present day somewhere in the world, as sources are of the past */
    LimitsReader(TomlFile file, LocalDate today) {
        this.file = file;
        this.today = today;
    }

    /** Returns the limits of each CA by its directory; empty if there are mistakes. */
    Optional<Map<URI, Limits>> read() {
        reportUnknownTables();
        Map<URI, Limits> limits = new LinkedHashMap<>();
        List<TableReader> tables = TableReader.repeated(LimitsTable.CA, file.root(), "ca", file.findings());
        for (TableReader table : tables) {
            Optional<Located<URI>> directory = directory(table);
            Limits ofCa = new Limits(limits(table), backDate(table));
            directory.ifPresent(url -> limits.put(url.value(), ofCa));
        }
        if (tables.isEmpty() && file.findings().mistakes().isEmpty()) {
            file.findings()
                    .mistake(
                            START_OF_FILE,
                            "there is no [[ca]]; each CA has one, with " + LimitsTable.CA.exampleOf("directory"));
        }
        return file.findings().mistakes().isEmpty() ? Optional.of(limits) : Optional.empty();
    }

    private void reportUnknownTables() {
        for (String name : file.root().keySet()) {
            if (!name.equals(LimitsTable.CA.label())) {
                file.findings()
                        .mistake(
                                TableReader.positionOf(file.root(), name),
                                "unknown table or key `" + Findings.quoted(name) + "`; "
                                        + Suggestions.forTable(List.of(LimitsTable.values()), name));
            }
        }
    }

    private Optional<Located<URI>> directory(TableReader table) {
        if (!table.has("directory")) {
            table.missing("directory", "write the CA's as in [acme], such as " + LimitsTable.CA.exampleOf("directory"));
        }
        Optional<Located<URI>> directory = table.string("directory", CaDirectory::parse);
        directory.ifPresent(url -> {
            TomlPosition previous = casSoFar.putIfAbsent(url.value(), url.at());
            if (previous != null) {
                table.mistake(
                        url.at(),
                        "`directory`: line " + table.lineOf(previous)
                                + " has this CA already; write all its limits below one [[ca]]");
            }
        });
        return directory;
    }

    private static Duration backDate(TableReader table) {
        return table.string("back-date", LimitsReader::backDate)
                .map(Located::value)
                .orElse(Duration.ZERO);
    }

    private static Duration backDate(String written) {
        Duration duration = DurationText.parse(written);
        if (duration.compareTo(MAX_BACK_DATE) > 0) {
            throw new IllegalArgumentException("this is how long before its issuance a certificate begins to be valid,"
                    + " which is less than a day; write such as \"1h\"");
        }
        return duration;
    }

    private List<Limit> limits(TableReader ca) {
        List<TableReader> tables = ca.tables("limit", LimitsTable.LIMIT);
        if (!ca.has("limit") || ca.isEmptyArray("limit")) {
            ca.mistake(
                    ca.at(),
                    "this CA has no [[ca.limit]]; write one for each limit, or leave the CA out if it has none");
        }
        Map<LimitKind, TomlPosition> kindsSoFar = new HashMap<>();
        List<Limit> limits = new ArrayList<>();
        for (TableReader table : tables) {
            limit(table, kindsSoFar).ifPresent(limits::add);
        }
        return limits;
    }

    private Optional<Limit> limit(TableReader table, Map<LimitKind, TomlPosition> kindsSoFar) {
        Optional<Located<LimitKind>> kind = kind(table, kindsSoFar);
        Optional<Long> capacity = capacity(table);
        Optional<Located<Duration>> period = period(table);
        checkSource(table);
        checkMemory(table, kind, period);
        return kind.isPresent() && capacity.isPresent() && period.isPresent()
                ? Optional.of(new Limit(
                        kind.get().value(),
                        capacity.get().intValue(),
                        period.get().value().dividedBy(capacity.get())))
                : Optional.empty();
    }

    /** Failed validations are not remembered for ever. */
    private static void checkMemory(
            TableReader table, Optional<Located<LimitKind>> kind, Optional<Located<Duration>> period) {
        if (kind.filter(it -> it.value() == LimitKind.FAILED_VALIDATIONS_PER_NAME)
                .isPresent()) {
            period.filter(it -> it.value().compareTo(AuthorityProgress.FAILED_ORDER_MEMORY) > 0)
                    .ifPresent(it -> table.mistake(
                            it.at(),
                            "`period` is longer than the week for which failed validations are remembered; write \"7d\","
                                    + " and the part of `capacity` that belongs to a week"));
        }
    }

    private static Optional<Located<LimitKind>> kind(TableReader table, Map<LimitKind, TomlPosition> kindsSoFar) {
        requireKey(table, "kind", "write what the CA counts: " + String.join(", ", kinds()));
        Optional<Located<LimitKind>> kind = table.string("kind", LimitsReader::kind);
        kind.ifPresent(located -> {
            TomlPosition previous = kindsSoFar.putIfAbsent(located.value(), located.at());
            if (previous != null) {
                table.mistake(
                        located.at(),
                        "`kind`, \"" + located.value().label() + "\": line " + table.lineOf(previous)
                                + " has this limit of the CA already; write the stricter one alone");
            }
        });
        return kind;
    }

    private static LimitKind kind(String written) {
        return Arrays.stream(LimitKind.values())
                .filter(kind -> kind.label().equals(written))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("this is " + Suggestions.forValue(written, kinds())));
    }

    private static List<String> kinds() {
        return Arrays.stream(LimitKind.values()).map(LimitKind::label).toList();
    }

    private static Optional<Long> capacity(TableReader table) {
        requireKey(table, "capacity", "write how many there may be at once, such as capacity = 5");
        Optional<Located<Long>> capacity = table.integer("capacity");
        capacity.filter(number -> !isCapacity(number.value()))
                .ifPresent(number -> table.mistake(
                        number.at(),
                        "`capacity` is " + number.value() + "; write how many there may be at once, from 1 to "
                                + MAX_CAPACITY + ", or leave the limit out if there is none"));
        return capacity.map(Located::value).filter(LimitsReader::isCapacity);
    }

    private static boolean isCapacity(long number) {
        return number >= 1 && number <= MAX_CAPACITY;
    }

    private static Optional<Located<Duration>> period(TableReader table) {
        requireKey(
                table, "period", "write the time in which the whole capacity is there again, such as period = \"7d\"");
        return table.string("period", LimitsReader::period);
    }

    private static Duration period(String written) {
        Duration period = DurationText.parse(written);
        if (period.isZero() || period.compareTo(MAX_PERIOD) > 0) {
            throw new IllegalArgumentException(
                    "write the time in which the whole capacity is there again, from \"1ms\" to \"366d\"");
        }
        return period;
    }

    private void checkSource(TableReader table) {
        requireKey(table, "source", "write where the CA says so, so that the next reader can look there");
        Optional<Located<String>> _ = table.string("source", LimitsReader::source);
        requireKey(table, "date", "write the day on which the source said so, such as date = " + today);
        table.date("date")
                .filter(date -> date.value().isAfter(today))
                .ifPresent(date -> table.mistake(
                        date.at(),
                        "`date` is " + date.value() + ", which is still to come; write when the source said so"));
    }

    private static String source(String written) {
        String source = written.strip();
        if (source.isEmpty()
                || source.length() > MAX_SOURCE_LENGTH
                || source.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "write where the CA says so, in one line, such as https://ca.example.org/limits");
        }
        return source;
    }

    private static void requireKey(TableReader table, String key, String remedy) {
        if (!table.has(key)) {
            table.missing(key, remedy);
        }
    }
}
