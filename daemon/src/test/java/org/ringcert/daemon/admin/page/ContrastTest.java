package org.ringcert.daemon.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The colours of the style sheet, against WCAG 2.2, success criteria 1.4.3 (text) and 1.4.11 (borders, marks), level
 * AA.
 */
class ContrastTest {

    private static final Pattern ROOT = Pattern.compile(":root \\{([^}]*--page[^}]*)}");
    private static final Pattern COLOUR = Pattern.compile("--([a-z-]+): #([0-9a-f]{6}|[0-9a-f]{3});");
    private static final double TEXT = 4.5;

    @ParameterizedTest
    @CsvSource({
        "ink, page",
        "ink, paper",
        "quiet, page",
        "quiet, paper",
        "accent, page",
        "accent, paper",
        "warn, paper",
        "warn, warn-paper",
        "bad, paper",
        "bad, bad-paper",
        "paper, accent"
    })
    void textIsLegibleInLightDarkAndPrint(String text, String background) throws Exception {
        Matcher palettes = ROOT.matcher(css());
        int count = 0;
        for (; palettes.find(); count++) {
            Map<String, Double> colours = luminances(palettes.group(1));
            assertThat(contrast(colours, text, background))
                    .as("%s on %s in palette %d", text, background, count)
                    .isGreaterThanOrEqualTo(TEXT);
        }
        assertThat(count).as("palettes").isEqualTo(3);
    }

    private static double contrast(Map<String, Double> colours, String text, String background) {
        double first = Objects.requireNonNull(colours.get(text), text);
        double second = Objects.requireNonNull(colours.get(background), background);
        return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
    }

    private static Map<String, Double> luminances(String palette) {
        Map<String, Double> colours = new HashMap<>();
        Matcher colour = COLOUR.matcher(palette);
        while (colour.find()) {
            colours.put(colour.group(1), luminance(colour.group(2)));
        }
        return colours;
    }

    private static double luminance(String hex) {
        String full = hex.length() == 3 ? hex.replaceAll("(.)", "$1$1") : hex;
        int rgb = Integer.parseInt(full, 16);
        return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8 & 0xff) + 0.0722 * linear(rgb & 0xff);
    }

    private static double linear(int channel) {
        double value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }

    private static String css() throws Exception {
        try (InputStream in = Objects.requireNonNull(StaticFiles.class.getResourceAsStream("page.css"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
