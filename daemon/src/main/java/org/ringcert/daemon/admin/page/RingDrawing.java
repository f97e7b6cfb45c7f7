package org.ringcert.daemon.admin.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The ring as a picture, in the units of its view box. The first server is at the top; the others follow clockwise.
 *
 * @param isDense whether there are so many servers that labels point away from the centre
 * @param dots one for each server
 * @param arcs the ways between neighbours; none for a single server
 * @param summary the picture in a sentence or two
 * @param centre the words in the middle, in two lines
 */
public record RingDrawing(
        int width, int height, boolean isDense, List<Dot> dots, List<Arc> arcs, String summary, List<String> centre) {

    private static final int MAX_HORIZONTAL_LABELS = 16;

    /** Longer labels would leave the picture. The whole name is in the list of servers. */
    private static final int MAX_LABEL_CHARACTERS = 14;

    /** A sine or cosine below this counts as zero: the label is above or below its dot. */
    private static final double NEARLY_VERTICAL = 0.2;

    private static final String SILENT = "silent";

    /**
     * A server.
     *
     * @param anchor which end of the label is at its position: {@code start}, {@code middle} or {@code end}
     * @param turn the label's direction in degrees; zero is horizontal
     */
    public record Dot(
            String x,
            String y,
            String radius,
            String css,
            String label,
            String labelX,
            String labelY,
            String anchor,
            String turn,
            String title) {}

    /** The way from a server to the next one. */
    public record Arc(String path, String css) {}

    /** The measures of a ring. */
    private record Measures(int count, boolean isDense, double centreX, double centreY, double radius) {

        double angle(int index) {
            return 2 * Math.PI * index / count - Math.PI / 2;
        }

        double x(double angle, double distance) {
            return centreX + distance * Math.cos(angle);
        }

        double y(double angle, double distance) {
            return centreY + distance * Math.sin(angle);
        }
    }

    public RingDrawing {
        dots = List.copyOf(dots);
        arcs = List.copyOf(arcs);
        centre = List.copyOf(centre);
    }

    static RingDrawing of(List<ServerView> servers) {
        boolean isDense = servers.size() > MAX_HORIZONTAL_LABELS;
        int width = 440;
        int height = isDense ? 440 : 290;
        Measures measures = new Measures(servers.size(), isDense, width / 2.0, height / 2.0, isDense ? 132 : 104);
        List<Dot> dots = new ArrayList<>();
        List<Arc> arcs = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            ServerView server = servers.get(i);
            dots.add(isDense ? turnedDot(measures, i, server) : dot(measures, i, server));
            if (servers.size() > 1) {
                arcs.add(arc(measures, i, server, servers.get((i + 1) % servers.size())));
            }
        }
        return new RingDrawing(width, height, isDense, dots, arcs, summary(servers), centre(servers));
    }

    private static Dot dot(Measures measures, int index, ServerView server) {
        double angle = measures.angle(index);
        double cosine = Math.cos(angle);
        boolean isMiddle = Math.abs(cosine) < NEARLY_VERTICAL;
        double labelDistance = measures.radius + 17;
        double shift = isMiddle ? Math.sin(angle) > 0 ? 10 : -1 : 5;
        return new Dot(
                number(measures.x(angle, measures.radius)),
                number(measures.y(angle, measures.radius)),
                server.isSelf() ? "10" : "8",
                server.port80Css(),
                shortened(server.label()),
                number(measures.x(angle, labelDistance)),
                number(measures.y(angle, labelDistance) + shift),
                isMiddle ? "middle" : cosine < 0 ? "end" : "start",
                "0",
                title(server));
    }

    private static Dot turnedDot(Measures measures, int index, ServerView server) {
        double angle = measures.angle(index);
        boolean isLeft = Math.cos(angle) < 0;
        double degrees = Math.toDegrees(angle);
        // Moves the middle of the letters, not their base line, onto the ray.
        double beside = angle + (isLeft ? -4 : 4) / (measures.radius + 12);
        return new Dot(
                number(measures.x(angle, measures.radius)),
                number(measures.y(angle, measures.radius)),
                server.isSelf() ? "6" : "5",
                server.port80Css(),
                shortened(server.label()),
                number(measures.x(beside, measures.radius + 12)),
                number(measures.y(beside, measures.radius + 12)),
                isLeft ? "end" : "start",
                number(isLeft ? degrees + 180 : degrees),
                title(server));
    }

    private static Arc arc(Measures measures, int index, ServerView from, ServerView to) {
        // The arc leaves room for the dots at its ends.
        double gap = (measures.isDense ? 7 : 15) / measures.radius;
        double start = measures.angle(index) + gap;
        double end = measures.angle(index + 1) - gap;
        String path = "M%s %sA%s %s 0 %d 1 %s %s"
                .formatted(
                        number(measures.x(start, measures.radius)),
                        number(measures.y(start, measures.radius)),
                        number(measures.radius),
                        number(measures.radius),
                        end - start > Math.PI ? 1 : 0,
                        number(measures.x(end, measures.radius)),
                        number(measures.y(end, measures.radius)));
        boolean isBroken = isSilent(from) || isSilent(to);
        return new Arc(path, isBroken ? "arc broken" : "arc");
    }

    private static String shortened(String label) {
        return label.length() > MAX_LABEL_CHARACTERS ? label.substring(0, MAX_LABEL_CHARACTERS - 1) + "…" : label;
    }

    private static String title(ServerView server) {
        return server.name() + ": " + server.port80();
    }

    private static boolean isSilent(ServerView server) {
        return server.port80Css().equals(SILENT);
    }

    private static String summary(List<ServerView> servers) {
        List<String> silent = servers.stream()
                .filter(RingDrawing::isSilent)
                .map(ServerView::name)
                .toList();
        return "The ring of " + Verdict.count(servers.size(), "server") + ". "
                + (silent.isEmpty()
                        ? "No peer is silent on port 80."
                        : "Silent on port 80: " + String.join(", ", silent) + ".");
    }

    private static List<String> centre(List<ServerView> servers) {
        int peers = servers.size() - 1;
        if (peers == 0) {
            return List.of("no peers", "");
        }
        if (servers.stream().noneMatch(server -> server.port80Css().equals("up") || isSilent(server))) {
            return List.of(Verdict.count(peers, "peer"), "not asked yet");
        }
        long answering = servers.stream()
                .filter(server -> server.port80Css().equals("up"))
                .count();
        return List.of(answering + " of " + peers + (peers == 1 ? " peer answers" : " peers answer"), "on port 80");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
