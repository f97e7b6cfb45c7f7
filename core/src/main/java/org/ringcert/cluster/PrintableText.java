package org.ringcert.cluster;

/** Makes text that came from a CA, a peer or a web server safe to print and to log. */
public final class PrintableText {

    private PrintableText() {}

    /**
     * Returns the text on one line, cut to {@code maxCharacters} and then with dots at its end. Characters that could
     * move a terminal's cursor or change the writing direction become spaces, and several spaces become one.
     */
    public static String of(String text, int maxCharacters) {
        StringBuilder printable = new StringBuilder();
        text.codePoints()
                .limit(maxCharacters + 1L)
                .map(c -> isPrintable(c) ? c : ' ')
                .forEach(printable::appendCodePoint);
        boolean cut = printable.codePointCount(0, printable.length()) > maxCharacters;
        if (cut) {
            printable.setLength(printable.offsetByCodePoints(0, maxCharacters));
        }
        return printable.toString().replaceAll(" {2,}", " ").strip() + (cut ? "..." : "");
    }

    /** Returns whether a character can neither move a terminal's cursor nor change the writing direction. */
    public static boolean isPrintable(int codePoint) {
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
