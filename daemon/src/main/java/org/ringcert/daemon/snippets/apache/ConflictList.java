package org.ringcert.daemon.snippets.apache;

import java.util.ArrayList;
import java.util.List;

/** Collects conflicts of one virtual host. */
final class ConflictList {

    private static final int MAX_SHOWN_LENGTH = 80;

    private final List<String> conflicts = new ArrayList<>();

    /**
     * Adds a conflict with its position.
     *
     * @param problem what is wrong with the directive and what to do
     */
    void add(ApacheDirective directive, String problem) {
        String text = directive.text();
        String shown = text.length() > MAX_SHOWN_LENGTH ? text.substring(0, MAX_SHOWN_LENGTH - 3) + "..." : text;
        conflicts.add(directive.position() + "  " + shown + ": " + problem);
    }

    List<String> distinct() {
        return conflicts.stream().distinct().toList();
    }
}
