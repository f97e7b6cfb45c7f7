package org.ringcert.daemon.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.tomlj.TomlParseError;
import org.tomlj.TomlPosition;

/**
 * Reports the parser's errors as mistakes. A table that may be repeated, written in single brackets in one place and a
 * second time in another, is one mistake. The parser has an error for the second header and one for each key below it.
 * Used once.
 */
final class SyntaxErrors {

    private static final Pattern HEADER = Pattern.compile("\\s*\\[{1,2}\\s*\"?([A-Za-z0-9_-]+)\"?\\s*]{1,2}\\s*");

    private static final Pattern REPEATED =
            Pattern.compile("(\\S+) (?:is not an array \\()?previously defined at line ([0-9]+), column [0-9]+\\)?");

    private static final Map<ConfigurationTable, String> SEVERAL = Map.of(
            ConfigurationTable.NODE, "servers", ConfigurationTable.SITE, "sites", ConfigurationTable.ACME, "CAs");

    private final StrippedText text;
    private final List<String> lines;
    private final Findings findings;

    /** For each table that is repeated wrongly, the headers that the parser refuses. */
    private final Map<ConfigurationTable, List<TomlPosition>> refusedHeaders = new LinkedHashMap<>();

    private final Map<ConfigurationTable, Integer> firstLines = new LinkedHashMap<>();

    SyntaxErrors(StrippedText text, Findings findings) {
        this.text = text;
        this.lines = text.text().lines().toList();
        this.findings = findings;
    }

    void report(List<TomlParseError> errors) {
        List<TomlParseError> others = new ArrayList<>();
        for (TomlParseError error : errors) {
            if (!isRefusedHeader(error)) {
                others.add(error);
            }
        }
        refusedHeaders.forEach(this::reportTable);
        others.stream()
                .filter(error -> !isBelowRefusedHeader(error))
                .forEach(error -> findings.mistake(error.position(), reason(error)));
    }

    private boolean isRefusedHeader(TomlParseError error) {
        Matcher repeated = REPEATED.matcher(String.valueOf(error.getMessage()));
        if (!repeated.matches()) {
            return false;
        }
        int firstLine = Integer.parseInt(repeated.group(2));
        Optional<ConfigurationTable> table = header(error.position().line()).filter(SEVERAL::containsKey);
        if (table.isEmpty() || !header(firstLine).equals(table)) {
            return false;
        }
        int _ = firstLines.merge(table.get(), firstLine, Math::min);
        refusedHeaders.computeIfAbsent(table.get(), _ -> new ArrayList<>()).add(error.position());
        return true;
    }

    /** Returns the table whose header is in a line of the text, counted from 1. */
    private Optional<ConfigurationTable> header(int line) {
        return line < 1 || line > lines.size()
                ? Optional.empty()
                : Optional.of(HEADER.matcher(lines.get(line - 1)))
                        .filter(Matcher::matches)
                        .flatMap(header -> ConfigurationTable.fromLabel(header.group(1)));
    }

    private boolean isBelowRefusedHeader(TomlParseError error) {
        if (!REPEATED.matcher(String.valueOf(error.getMessage())).matches()) {
            return false;
        }
        int line = Math.min(error.position().line(), lines.size());
        return IntStream.iterate(line, at -> at > 0, at -> at - 1)
                .filter(at -> HEADER.matcher(lines.get(at - 1)).matches())
                .boxed()
                .findFirst()
                .filter(this::isRefusedHeader)
                .isPresent();
    }

    private boolean isRefusedHeader(int line) {
        return refusedHeaders.values().stream().flatMap(List::stream).anyMatch(header -> header.line() == line);
    }

    private void reportTable(ConfigurationTable table, List<TomlPosition> refused) {
        List<Integer> places = IntStream.concat(
                        IntStream.of(Objects.requireNonNull(firstLines.get(table))),
                        refused.stream().mapToInt(TomlPosition::line))
                .sorted()
                .mapToObj(text::fileLine)
                .toList();
        String allButLast =
                places.stream().limit(places.size() - 1L).map(String::valueOf).collect(Collectors.joining(", "));
        findings.mistake(
                refused.getFirst(),
                "for several " + SEVERAL.get(table) + ", write [[" + table.label() + "]] in each place (lines "
                        + allButLast + " and " + places.getLast() + ")");
    }

    private String reason(TomlParseError error) {
        String message = text.withFileLines(Findings.reason(error));
        boolean isUnquoted = message.matches("Unexpected '[A-Za-z/]', expected a value.*");
        return message + (isUnquoted ? "; text goes in double quotes" : "");
    }
}
