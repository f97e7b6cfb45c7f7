package org.ringcert.view.look;

/** Makes text that came from a peer or a web server safe to print and to log. */
final class PrintableText {

    private PrintableText() {}

    /**
     * Returns the text on one line, cut to {@code maxCharacters}. Characters that could move a terminal's cursor or
     * change the writing direction become spaces.
     */
    static String of(String text, int maxCharacters) {
        StringBuilder printable = new StringBuilder();
        text.codePoints()
                .limit(maxCharacters + 1L)
                .map(c -> isPrintable(c) ? c : ' ')
                .forEach(printable::appendCodePoint);
        if (printable.codePointCount(0, printable.length()) > maxCharacters) {
            printable.setLength(printable.offsetByCodePoints(0, maxCharacters));
            printable.append("...");
        }
        return printable.toString();
    }

    private static boolean isPrintable(int codePoint) {
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
