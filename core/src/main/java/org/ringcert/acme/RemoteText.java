package org.ringcert.acme;

import java.util.Optional;
import java.util.regex.Pattern;

/** Makes text that came from the CA safe to print and to log. */
final class RemoteText {

    private static final Pattern PAGE_URL = Pattern.compile("https?://[\\x21-\\x7e]{1,500}");

    private RemoteText() {}

    /**
     * Returns the text on one line, cut to {@code maxCharacters}. Characters that could move a terminal's cursor or
     * change the writing direction become spaces.
     */
    static String clean(String text, int maxCharacters) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .limit(maxCharacters + 1L)
                .map(c -> isPrintable(c) ? c : ' ')
                .forEach(clean::appendCodePoint);
        boolean cut = clean.codePointCount(0, clean.length()) > maxCharacters;
        if (cut) {
            clean.setLength(clean.offsetByCodePoints(0, maxCharacters));
        }
        return clean.toString().replaceAll(" {2,}", " ").strip() + (cut ? "..." : "");
    }

    /** Returns the text if it is the URL of a web page that can be shown to a person. */
    static Optional<String> pageUrl(String text) {
        return Optional.of(text).filter(url -> PAGE_URL.matcher(url).matches());
    }

    /** Whether the character can neither move a terminal's cursor nor change the writing direction. */
    static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
