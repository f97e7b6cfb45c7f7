package org.ringcert.daemon.simulate;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ringcert.daemon.picture.Svg;
import org.ringcert.daemon.picture.Svg.Anchor;
import org.ringcert.simulate.FaultKind;
import org.ringcert.simulate.FaultPeriod;
import org.ringcert.simulate.Scenario;
import org.ringcert.simulate.SimulationResult;

/** A picture of a simulation: how many certificates were issued on each day, and what went wrong meanwhile. */
public final class SimulationPicture {

    private static final int WIDTH = 1000;
    private static final int HEIGHT = 420;
    private static final int LEFT = 70;
    private static final int RIGHT = 980;
    private static final int TOP = 90;
    private static final int BOTTOM = 350;
    private static final int LEGEND = 395;

    private static final String INK = "#222222";
    private static final String FAINT = "#cccccc";
    private static final String BAR = "#2a6f97";

    /** Faults that last are bands, the others marks. Those that concern one node or site alone are left out. */
    private static final Map<FaultKind, String> COLOURS = Map.of(
            FaultKind.OUTAGE, "#e63946",
            FaultKind.MASS_REVOCATION, "#7b2cbf",
            FaultKind.RESTART, "#f4a261",
            FaultKind.AWAY, "#8d99ae");

    private SimulationPicture() {}

    /** Returns the picture as an SVG document. */
    public static String of(Scenario scenario, SimulationResult result) {
        Svg svg = new Svg(WIDTH, HEIGHT, "Certificates issued on each day: " + SimulationText.describe(scenario));
        svg.text(LEFT, 28, 18, Anchor.START, INK, "Certificates issued on each day");
        svg.text(LEFT, 50, 13, Anchor.START, INK, SimulationText.describe(scenario));
        svg.text(LEFT, 70, 13, Anchor.START, INK, outcome(result));
        List<Integer> days = result.load().certificatesByDay();
        drawFaults(svg, result, days.size());
        drawScale(svg, result, days);
        drawBars(svg, days, most(days));
        drawLegend(svg, result);
        return svg.document();
    }

    private static String outcome(SimulationResult result) {
        return String.format(
                Locale.ROOT,
                "%,d issued, %,d refused, %,d expired, %,.1f certificate-days invalid",
                result.issued(),
                result.refused(),
                result.expired(),
                result.invalid().toHours() / 24.0);
    }

    private static int most(List<Integer> days) {
        return Math.max(1, days.stream().mapToInt(Integer::intValue).max().orElse(1));
    }

    private static double x(double day, int days) {
        return LEFT + (RIGHT - LEFT) * day / days;
    }

    private static void drawFaults(Svg svg, SimulationResult result, int days) {
        for (FaultPeriod fault : result.faults()) {
            if (COLOURS.containsKey(fault.kind())) {
                double from = x(day(result.start(), fault.from()), days);
                double to = x(day(result.start(), fault.to()), days);
                svg.rectangle(
                        from,
                        TOP - 8,
                        Math.max(2, to - from),
                        6,
                        COLOURS.get(fault.kind()),
                        fault.kind().description() + ", " + fault.from().truncatedTo(ChronoUnit.HOURS));
            }
        }
    }

    private static double day(Instant start, Instant time) {
        return Duration.between(start, time).toSeconds() / 86_400.0;
    }

    private static void drawScale(Svg svg, SimulationResult result, List<Integer> days) {
        int most = most(days);
        for (int i = 0; i <= 4; i++) {
            double y = BOTTOM - (BOTTOM - TOP) * i / 4.0;
            svg.line(LEFT, y, RIGHT, y, FAINT);
            svg.text(LEFT - 8, y + 4, 11, Anchor.END, INK, String.format(Locale.ROOT, "%,.0f", most * i / 4.0));
        }
        ZonedDateTime start = result.start().atZone(ZoneOffset.UTC);
        int months = days.size() > 3 * 366 ? 12 : 3;
        int step = Math.max(1, days.size() / (366 * 12));
        for (ZonedDateTime date = start; ; date = date.plusMonths((long) months * step)) {
            double day = day(result.start(), date.toInstant());
            if (day > days.size()) {
                break;
            }
            svg.line(x(day, days.size()), BOTTOM, x(day, days.size()), BOTTOM + 5, INK);
            svg.text(
                    x(day, days.size()),
                    BOTTOM + 20,
                    11,
                    Anchor.MIDDLE,
                    INK,
                    months == 12
                            ? String.valueOf(date.getYear())
                            : date.toLocalDate().toString());
        }
    }

    /** Draws a bar for each pixel at most: that of the day with the most. */
    private static void drawBars(Svg svg, List<Integer> days, int most) {
        int bars = Math.min(days.size(), RIGHT - LEFT);
        for (int bar = 0; bar < bars; bar++) {
            int from = (int) ((long) bar * days.size() / bars);
            int to = (int) ((bar + 1L) * days.size() / bars);
            int highest = most(days.subList(from, to));
            if (days.subList(from, to).stream().anyMatch(count -> count > 0)) {
                double height = (BOTTOM - TOP) * (double) highest / most;
                svg.rectangle(
                        x(from, days.size()), BOTTOM - height, x(to, days.size()) - x(from, days.size()), height, BAR);
            }
        }
    }

    private static void drawLegend(Svg svg, SimulationResult result) {
        double x = LEFT;
        for (FaultKind kind : FaultKind.values()) {
            if (COLOURS.containsKey(kind) && result.faults().stream().anyMatch(fault -> fault.kind() == kind)) {
                svg.rectangle(x, LEGEND - 8, 10, 8, COLOURS.get(kind));
                svg.text(x + 15, LEGEND, 11, Anchor.START, INK, kind.description());
                x += 230;
            }
        }
    }
}
