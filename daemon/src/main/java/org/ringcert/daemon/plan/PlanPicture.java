package org.ringcert.daemon.plan;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ringcert.daemon.picture.Svg;
import org.ringcert.daemon.picture.Svg.Anchor;
import org.ringcert.daemon.plan.ClusterPlan.NodePlan;

/** A calendar of the orders: a row for each server, a column for each week, in it a mark for each day with orders. */
public final class PlanPicture {

    private static final int MIN_WEEKS = 13;
    private static final int MAX_WEEKS = 26;
    private static final int DAYS_OF_WEEK = 7;

    private static final int LEFT = 230;
    private static final int GRID_WIDTH = 1183;
    private static final int LATER_WIDTH = 60;
    private static final int TOP = 150;
    private static final int ROW = 20;
    private static final int MARK = 16;
    private static final int STRIP = 3;
    private static final int FOOT = 70;

    /** A mark that is narrower has no room for a number. */
    private static final int MIN_WIDTH_OF_NUMBER = 12;

    private static final int MAX_NAME = 30;

    private static final String INK = "#222222";
    private static final String SOFT = "#666666";
    private static final String FAINT = "#dddddd";
    private static final String STRIPE = "#f6f6f6";
    private static final String NOW = "#d00000";

    private final ClusterPlan plan;
    private final LocalDate start;
    private final int weeks;
    private final List<Row> rows;
    private final Svg svg;

    /** What a mark stands for. The colours differ in brightness as well, for those who do not see all colours. */
    private enum MarkKind {
        AT_ONCE("ordered as soon as possible", "#1d3557", "white"),
        WAITING("waits for a limit or another server", "#f4a261", INK),
        RENEWAL("renewal of a certificate that is there", "#52b788", INK),
        EXPECTED("renewal of one that is still to be ordered", "#cfe8d8", INK);

        private final String meaning;
        private final String colour;
        private final String ink;

        MarkKind(String meaning, String colour, String ink) {
            this.meaning = meaning;
            this.colour = colour;
            this.ink = ink;
        }
    }

    /** How many orders of each kind a server makes on each day. */
    private static final class Row {

        private final String name;
        private final List<Map<MarkKind, Integer>> days = new ArrayList<>();
        private int later;

        Row(String name, int days) {
            this.name = name;
            for (int i = 0; i < days; i++) {
                this.days.add(new EnumMap<>(MarkKind.class));
            }
        }

        void add(MarkKind kind, long day, int count) {
            if (day >= days.size()) {
                later += count;
            } else {
                days.get((int) Math.max(0, day)).merge(kind, count, Integer::sum);
            }
        }

        int count(int fromDay, int toDay) {
            return days.subList(fromDay, toDay).stream()
                    .flatMap(day -> day.values().stream())
                    .mapToInt(Integer::intValue)
                    .sum();
        }
    }

    private PlanPicture(ClusterPlan plan) {
        this.plan = plan;
        this.start = date(plan.now()).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        this.weeks = weeks();
        this.rows = rows();
        int height = TOP + ROW * (rows.size() + 1) + FOOT;
        this.svg = new Svg(
                LEFT + GRID_WIDTH + LATER_WIDTH + 20,
                height,
                "Calendar of the orders of " + PlanWords.count(plan.nodes().size(), "server") + " at " + plan.ca());
    }

    /** Returns the picture as an SVG document. */
    public static String of(ClusterPlan plan, PlanSummary summary) {
        return new PlanPicture(plan).draw(summary);
    }

    private static LocalDate date(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
    }

    private static Stream<Instant> times(NodePlan entry) {
        return entry.order().isPresent()
                ? entry.order().stream().map(ClusterPlan.PlannedOrder::at)
                : entry.renewal().stream().map(ClusterPlan.Renewal::at);
    }

    private int weeks() {
        long last = plan.entries()
                .flatMap(PlanPicture::times)
                .max(Comparator.naturalOrder())
                .map(this::day)
                .orElse(0L);
        return Math.clamp(last / DAYS_OF_WEEK + 1, MIN_WEEKS, MAX_WEEKS);
    }

    private long day(Instant time) {
        return ChronoUnit.DAYS.between(start, date(time));
    }

    private List<Row> rows() {
        List<Row> all = plan.nodes().stream()
                .map(node -> new Row(node.value(), weeks * DAYS_OF_WEEK))
                .toList();
        plan.certificates().forEach(certificate -> {
            for (int i = 0; i < all.size(); i++) {
                add(all.get(i), certificate.entries().get(i));
            }
        });
        return all;
    }

    private void add(Row row, NodePlan entry) {
        entry.order().ifPresent(order -> {
            boolean isSoon = Duration.between(plan.now(), order.at()).toMinutes() < 60;
            row.add(isSoon ? MarkKind.AT_ONCE : MarkKind.WAITING, day(order.at()), 1);
        });
        entry.renewal()
                .ifPresent(renewal -> row.add(
                        entry.order().isPresent() ? MarkKind.EXPECTED : MarkKind.RENEWAL, day(renewal.at()), 1));
    }

    private String draw(PlanSummary summary) {
        drawHead(summary);
        drawGrid();
        drawNow();
        for (int i = 0; i < rows.size(); i++) {
            drawRow(rows.get(i), TOP + ROW * i);
        }
        drawTotals(TOP + ROW * rows.size());
        return svg.document();
    }

    private void drawHead(PlanSummary summary) {
        svg.text(
                20,
                32,
                20,
                Anchor.START,
                INK,
                "Orders of " + PlanWords.count(plan.nodes().size(), "server") + " at " + plan.ca() + ", as "
                        + plan.self() + " sees them on " + PlanWords.hour(plan.now()) + " UTC");
        List<String> sentences = summary.sentences(plan);
        for (int i = 0; i < Math.min(2, sentences.size()); i++) {
            svg.text(20, 56 + 18 * i, 13, Anchor.START, INK, sentences.get(i));
        }
        double x = 20;
        for (MarkKind kind : MarkKind.values()) {
            svg.rectangle(x, 88, MARK, MARK, kind.colour);
            svg.text(x + MARK + 6, 100, 12, Anchor.START, INK, kind.meaning);
            x += MARK + 30 + kind.meaning.length() * 6.4;
        }
        svg.text(x, 100, 12, Anchor.START, SOFT, "A number counts the certificates of that day.");
    }

    private double dayWidth() {
        return GRID_WIDTH / (double) (weeks * DAYS_OF_WEEK);
    }

    private double x(long day) {
        return LEFT + day * dayWidth();
    }

    private void drawGrid() {
        int bottom = TOP + ROW * rows.size();
        for (int i = 0; i < rows.size(); i += 2) {
            svg.rectangle(20, TOP + ROW * i, LEFT + GRID_WIDTH + LATER_WIDTH - 20, ROW, STRIPE);
        }
        for (int week = 0; week <= weeks; week++) {
            double x = x((long) week * DAYS_OF_WEEK);
            svg.line(x, TOP - 6, x, bottom, FAINT);
            if (week < weeks) {
                svg.text(
                        x + 2,
                        TOP - 10,
                        10,
                        Anchor.START,
                        SOFT,
                        start.plusWeeks(week).toString());
            }
        }
        svg.text(LEFT - 10, TOP - 10, 11, Anchor.END, SOFT, "week from");
        if (rows.stream().anyMatch(row -> row.later > 0)) {
            svg.text(LEFT + GRID_WIDTH + 8, TOP - 10, 11, Anchor.START, SOFT, "later");
        }
    }

    private void drawRow(Row row, int y) {
        svg.text(LEFT - 10, y + 14, 12, Anchor.END, INK, shortened(row.name));
        for (int day = 0; day < row.days.size(); day++) {
            drawDay(row.days.get(day), day, y);
        }
        if (row.later > 0) {
            svg.text(LEFT + GRID_WIDTH + 8, y + 14, 11, Anchor.START, SOFT, String.valueOf(row.later));
        }
    }

    /** Draws the first kind of a day with its number, and a strip below it for each other. */
    private void drawDay(Map<MarkKind, Integer> kinds, int day, int y) {
        double width = dayWidth();
        int strips = Math.max(0, kinds.size() - 1) * STRIP;
        double top = y + (ROW - MARK) / 2.0;
        for (Map.Entry<MarkKind, Integer> kind : kinds.entrySet()) {
            boolean isFirst = top < y + (ROW - MARK) / 2.0 + 1;
            double height = isFirst ? MARK - strips : STRIP;
            svg.rectangle(
                    x(day) + 0.5,
                    top,
                    width - 1,
                    height,
                    kind.getKey().colour,
                    start.plusDays(day) + ": " + PlanWords.count(kind.getValue(), "certificate") + ", "
                            + kind.getKey().meaning);
            String number = String.valueOf(kind.getValue());
            if (isFirst && width >= MIN_WIDTH_OF_NUMBER && number.length() <= 2) {
                svg.text(x(day) + width / 2, top + height / 2 + 4, 10, Anchor.MIDDLE, kind.getKey().ink, number);
            }
            top += height;
        }
    }

    private void drawTotals(int y) {
        svg.line(20, y + 1, LEFT + GRID_WIDTH + LATER_WIDTH, y + 1, SOFT);
        svg.text(LEFT - 10, y + 18, 12, Anchor.END, INK, "all servers, by week");
        for (int week = 0; week < weeks; week++) {
            int from = week * DAYS_OF_WEEK;
            int count = rows.stream()
                    .mapToInt(row -> row.count(from, from + DAYS_OF_WEEK))
                    .sum();
            if (count > 0) {
                svg.text(
                        x(from) + dayWidth() * DAYS_OF_WEEK / 2, y + 18, 12, Anchor.MIDDLE, INK, String.valueOf(count));
            }
        }
        svg.text(
                20,
                y + 50,
                11,
                Anchor.START,
                SOFT,
                "Weeks begin on Monday, days at midnight UTC. Renewals of other servers are estimated from their"
                        + " certificates.");
    }

    private void drawNow() {
        double days = Duration.between(start.atStartOfDay(ZoneOffset.UTC).toInstant(), plan.now())
                        .toSeconds()
                / (double) Duration.ofDays(1).toSeconds();
        double x = LEFT + days * dayWidth();
        svg.line(x, TOP - 4, x, TOP + ROW * rows.size(), NOW);
        svg.text(x, TOP - 24, 11, Anchor.MIDDLE, NOW, "now");
    }

    private static String shortened(String name) {
        return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME - 1) + "…";
    }
}
