package org.ringcert.daemon.snippets.haproxy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A section of HAProxy's configuration. Immutable.
 *
 * @param head its first line: what kind it is, and its name
 * @param lines the others
 * @param defaults the section whose settings it takes
 */
public record Section(Line head, List<Line> lines, Optional<Section> defaults) {

    public Section {
        lines = List.copyOf(lines);
    }

    /** {@code frontend}, {@code listen} and the like. */
    public String kind() {
        return head.keyword();
    }

    /** Its name; empty where it has none. */
    public String name() {
        return head.word(1).equals("from") ? "" : head.word(1);
    }

    /** File and line where it begins. */
    public String place() {
        return head.place();
    }

    /** As it is called in messages: {@code frontend web}. */
    public String title() {
        return (kind() + " " + name()).strip();
    }

    /** Its own lines with that first word. */
    public Stream<Line> lines(String keyword) {
        return lines.stream().filter(line -> line.keyword().equals(keyword));
    }

    /** The lines with that first word in the order in which HAProxy goes by them: those of its defaults first. */
    public List<Line> inherited(String keyword) {
        return Stream.concat(defaults.stream().flatMap(section -> section.inherited(keyword).stream()), lines(keyword))
                .toList();
    }

    /**
     * Whether it has rules for connections, requests or answers; defaults with rules are either for frontends or for
     * backends.
     */
    public boolean hasRules() {
        return Stream.of("tcp-request", "tcp-response", "http-request", "http-response", "http-after-response")
                .anyMatch(kind -> !inherited(kind).isEmpty());
    }

    /** Whether it speaks HTTP; HAProxy's own default is TCP. */
    public boolean isHttp() {
        return inherited("mode").stream()
                .reduce((_, last) -> last)
                .map(mode -> mode.word(1).equals("http"))
                .orElse(false);
    }

    /** Whether it is switched off. */
    public boolean isDisabled() {
        return lines("disabled").findAny().isPresent();
    }
}
