package org.ringcert.daemon.picture;

import java.util.Locale;

/**
 * Writes a picture in SVG 1.1: rectangles, lines and text in pixels, the origin at the top left. The picture stands for
 * itself, without scripts, fonts or anything else from elsewhere. Confined to one thread.
 */
public final class Svg {

    private final StringBuilder elements = new StringBuilder();
    private final int width;
    private final int height;
    private final String title;

    /** Where a text is, seen from its point. */
    public enum Anchor {
        START("start"),
        MIDDLE("middle"),
        END("end");

        private final String word;

        Anchor(String word) {
            this.word = word;
        }
    }

    /** @param title what the picture shows, for those who cannot see it */
    public Svg(int width, int height, String title) {
        this.width = width;
        this.height = height;
        this.title = title;
    }

    /**
     * Adds a filled rectangle.
     *
     * @param colour as in CSS
     */
    public Svg rectangle(double x, double y, double wide, double high, String colour) {
        return element("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>", x, y, wide, high, colour);
    }

    /**
     * Adds a filled rectangle, which tells what it means when the mouse is over it.
     *
     * @param meaning a few words
     */
    public Svg rectangle(double x, double y, double wide, double high, String colour, String meaning) {
        return element(
                "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"><title>%s</title></rect>",
                x, y, wide, high, colour, meaning);
    }

    /** Adds a line one pixel wide. */
    public Svg line(double fromX, double fromY, double toX, double toY, String colour) {
        return element("<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\"/>", fromX, fromY, toX, toY, colour);
    }

    /**
     * Adds a line of text.
     *
     * @param y of the base line
     */
    public Svg text(double x, double y, int size, Anchor anchor, String colour, String words) {
        return element(
                "<text x=\"%s\" y=\"%s\" font-size=\"%s\" text-anchor=\"%s\" fill=\"%s\">%s</text>",
                x, y, size, anchor.word, colour, words);
    }

    private Svg element(String format, Object... values) {
        Object[] escaped = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            escaped[i] = values[i] instanceof Double number ? number(number) : escape(String.valueOf(values[i]));
        }
        elements.append(String.format(Locale.ROOT, format, escaped)).append('\n');
        return this;
    }

    /** Returns a number to a hundredth, without zeros at its end. */
    private static String number(double value) {
        long hundredths = Math.round(value * 100);
        return hundredths % 100 == 0
                ? String.valueOf(hundredths / 100)
                : String.format(Locale.ROOT, "%.2f", hundredths / 100.0);
    }

    private static String escape(String text) {
        return text.replaceAll("\\p{Cntrl}", "?")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Returns the document. */
    public String document() {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" role="img" font-family="sans-serif">
                <title>%3$s</title>
                <rect width="%1$d" height="%2$d" fill="white"/>
                %4$s</svg>
                """.formatted(width, height, escape(title), elements);
    }
}
