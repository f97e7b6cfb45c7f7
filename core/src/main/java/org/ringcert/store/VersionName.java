package org.ringcert.store;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The directory name of a version: the second in which it was made, and its number among those of that second. */
record VersionName(Instant time, int number) implements Comparable<VersionName> {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssX").withZone(ZoneOffset.UTC);
    private static final Pattern SYNTAX = Pattern.compile("(\\d{8}T\\d{6}Z)(?:-([2-9]|[1-9]\\d{1,5}))?");

    static Optional<VersionName> parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            Instant time = TIME.parse(matcher.group(1), Instant::from);
            String number = matcher.group(2);
            return Optional.of(new VersionName(time, number == null ? 1 : Integer.parseInt(number)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    @Override
    public int compareTo(VersionName other) {
        return Comparator.comparing(VersionName::time)
                .thenComparingInt(VersionName::number)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return TIME.format(time) + (number == 1 ? "" : "-" + number);
    }
}
