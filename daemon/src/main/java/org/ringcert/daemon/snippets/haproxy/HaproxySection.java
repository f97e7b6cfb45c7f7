package org.ringcert.daemon.snippets.haproxy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A section of HAProxy's configuration. Immutable.
 *
 * @param head its first line, with its kind and its name
 * @param lines its other lines
 * @param defaults the section whose settings it inherits
 */
public record HaproxySection(HaproxyLine head, List<HaproxyLine> lines, Optional<HaproxySection> defaults) {

    public HaproxySection {
        lines = List.copyOf(lines);
    }

    /** Returns its kind, such as {@code frontend} or {@code listen}. */
    public String kind() {
        return head.keyword();
    }

    /** Returns its name; empty if it has none. */
    public String name() {
        return head.word(1).equals("from") ? "" : head.word(1);
    }

    /** Returns the file and line where it begins. */
    public String position() {
        return head.position();
    }

    /** Returns its name for messages: {@code frontend web}. */
    public String title() {
        return (kind() + " " + name()).strip();
    }

    /** Returns its own lines that begin with a keyword. */
    public Stream<HaproxyLine> lines(String keyword) {
        return lines.stream().filter(line -> line.keyword().equals(keyword));
    }

    /**
     * Returns the lines that begin with a keyword in the order in which HAProxy processes them: those of its defaults
     * first.
     */
    public List<HaproxyLine> inherited(String keyword) {
        return Stream.concat(defaults.stream().flatMap(section -> section.inherited(keyword).stream()), lines(keyword))
                .toList();
    }

    /**
     * Returns whether it has rules for connections, requests or responses. HAProxy allows defaults with rules either
     * for frontends or for backends, not for both.
     */
    public boolean hasRules() {
        return Stream.of("tcp-request", "tcp-response", "http-request", "http-response", "http-after-response")
                .anyMatch(kind -> !inherited(kind).isEmpty());
    }

    /** Returns whether it speaks HTTP; HAProxy's own default is TCP. */
    public boolean isHttp() {
        return inherited("mode").stream()
                .reduce((_, last) -> last)
                .map(mode -> mode.word(1).equals("http"))
                .orElse(false);
    }

    /** Returns whether it is disabled. */
    public boolean isDisabled() {
        return lines("disabled").findAny().isPresent();
    }
}
