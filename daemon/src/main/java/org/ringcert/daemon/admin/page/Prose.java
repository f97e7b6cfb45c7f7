package org.ringcert.daemon.admin.page;

import java.util.ArrayList;
import java.util.List;

/**
 * A sentence whose commands and names stand between backquotes, as in this program's messages.
 *
 * @param parts in their order
 */
public record Prose(List<Part> parts) {

    /**
     * A piece of the sentence.
     *
     * @param isCode whether it stood between backquotes
     */
    public record Part(String text, boolean isCode) {}

    /** Splits a text. A backquote without a second one stays as it is. */
    public static Prose of(String text) {
        List<Part> parts = new ArrayList<>();
        int position = 0;
        int start = text.indexOf('`');
        int end = start < 0 ? -1 : text.indexOf('`', start + 1);
        while (end >= 0) {
            parts.add(new Part(text.substring(position, start), false));
            parts.add(new Part(text.substring(start + 1, end), true));
            position = end + 1;
            start = text.indexOf('`', position);
            end = start < 0 ? -1 : text.indexOf('`', start + 1);
        }
        parts.add(new Part(text.substring(position), false));
        return new Prose(parts);
    }
}
