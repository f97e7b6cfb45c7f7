package org.ringcert.daemon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ringcert.handoff.HandoffMode;

/** Reads {@code [front]}. */
final class FrontReader {

    private static final Duration MIN_CHECK_INTERVAL = Duration.ofSeconds(1);
    private static final Duration MAX_CHECK_INTERVAL = Duration.ofHours(1);
    private static final Duration DEFAULT_CHECK_INTERVAL = Duration.ofSeconds(5);

    private final Optional<TableReader> table;

    FrontReader(Optional<TableReader> table) {
        this.table = table;
    }

    /** Returns the listen addresses of nodes without a {@code listen} key. */
    List<ListenAddress> defaultListen() {
        return table.flatMap(FrontReader::listen).orElseGet(() -> List.of(ListenAddress.parse("[::]:80")));
    }

    /** Returns the key {@code listen} of this table or of a node's. */
    static Optional<List<ListenAddress>> listen(TableReader table) {
        return table.strings("listen", ListenAddress::parse)
                .map(LocatedList::values)
                .map(ListenAddress::withoutCovered);
    }

    FrontSettings settings() {
        return new FrontSettings(
                table.flatMap(front -> front.string("handoff", FrontReader::handoff))
                        .map(Located::value)
                        .orElse(HandoffMode.REDIRECT),
                table.flatMap(front -> front.string("watch", FrontReader::peerCheckInterval))
                        .map(Located::value)
                        .orElse(Optional.of(DEFAULT_CHECK_INTERVAL)),
                otherChallengeDirectories(),
                table.flatMap(front -> front.flag("redirect-other-hosts"))
                        .map(Located::value)
                        .orElse(false));
    }

    private List<Path> otherChallengeDirectories() {
        return table
                .flatMap(front -> front.strings("also", PathParser::parseAbsolute))
                .map(LocatedList::values)
                .orElse(List.of())
                .stream()
                .distinct()
                .toList();
    }

    private static HandoffMode handoff(String written) {
        return Arrays.stream(HandoffMode.values())
                .filter(mode -> mode.label().equals(written))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("this is "
                        + Suggestions.forValue(
                                written,
                                Arrays.stream(HandoffMode.values())
                                        .map(HandoffMode::label)
                                        .toList())));
    }

    private static Optional<Duration> peerCheckInterval(String written) {
        if (written.equals("off")) {
            return Optional.empty();
        }
        Duration duration = duration(written);
        if (duration.compareTo(MIN_CHECK_INTERVAL) < 0 || duration.compareTo(MAX_CHECK_INTERVAL) > 0) {
            throw new IllegalArgumentException("write \"1s\" at least and \"1h\" at most, or \"off\"");
        }
        return Optional.of(duration);
    }

    private static Duration duration(String written) {
        try {
            return DurationText.parse(written);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "write a number and its unit, ms, s, m or h, such as \"5s\"; or \"off\"", e);
        }
    }
}
