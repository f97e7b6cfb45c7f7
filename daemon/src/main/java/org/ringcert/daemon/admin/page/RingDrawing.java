package org.ringcert.daemon.admin.page;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ringcert.daemon.admin.page.ClusterSnapshot.Port80;
import org.ringcert.daemon.admin.page.ClusterSnapshot.RingNode;
import org.ringcert.daemon.status.HumanTime;

/**
 * The ring as a picture, in the units of its view box. The first server is at the top; the others follow clockwise.
 *
 * @param dots one for each server
 * @param arcs paths between neighbours
 * @param lines the same in words, for those who do not see the picture, one for each server
 * @param summary the picture in a sentence or two
 * @param centre the words in the middle
 */
public record RingDrawing(
        int width, int height, List<Dot> dots, List<Arc> arcs, List<Line> lines, String summary, String centre) {

    /** Up to this many servers, labels are horizontal. More have labels that point away from the centre. */
    private static final int MAX_HORIZONTAL_LABELS = 16;

    private static final int WIDTH = 440;
    private static final int HEIGHT = 320;
    private static final int LABEL_DISTANCE = 17;

    /** Labels longer than this would leave the picture; the list beside it has the whole name. */
    private static final int MAX_LABEL_CHARACTERS = 14;

    /**
     * A server.
     *
     * @param anchor where the label's text starts from its position: {@code start}, {@code middle} or {@code end}
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

    /** A server in words. */
    public record Line(String name, String css, String state) {}

    public RingDrawing {
        dots = List.copyOf(dots);
        arcs = List.copyOf(arcs);
        lines = List.copyOf(lines);
    }

    /** Returns the second line of words in the middle. */
    public String centreBelow() {
        return dots.size() == 1 ? "" : "on port 80";
    }

    public boolean hasSilent() {
        return lines.stream().anyMatch(line -> line.css().equals("silent"));
    }

    static RingDrawing of(ClusterSnapshot cluster) {
        List<RingNode> nodes = cluster.ring();
        NodeLabels labels = NodeLabels.of(nodes.stream().map(RingNode::name).toList());
        double radius = nodes.size() > MAX_HORIZONTAL_LABELS ? 92 : 104;
        List<Dot> dots = new ArrayList<>();
        List<Arc> arcs = new ArrayList<>();
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            RingNode node = nodes.get(i);
            String state = state(node, cluster.now());
            lines.add(new Line(node.name().value(), css(node), state));
            dots.add(dot(i, nodes.size(), radius, node, labels.label(i), node.name() + ": " + state));
            if (nodes.size() > 1) {
                arcs.add(arc(i, nodes.size(), radius, node, nodes.get((i + 1) % nodes.size())));
            }
        }
        return new RingDrawing(WIDTH, HEIGHT, dots, arcs, lines, summary(nodes), centre(nodes));
    }

    private static Dot dot(int index, int count, double radius, RingNode node, String label, String title) {
        double angle = angle(index, count);
        double dotRadius = count > MAX_HORIZONTAL_LABELS ? 4 : 8;
        double labelRadius = radius + (count > MAX_HORIZONTAL_LABELS ? 10 : LABEL_DISTANCE);
        double labelX = WIDTH / 2.0 + labelRadius * Math.cos(angle);
        double labelY = HEIGHT / 2.0 + labelRadius * Math.sin(angle);
        boolean isLeft = Math.cos(angle) < -0.01;
        boolean isRadial = count > MAX_HORIZONTAL_LABELS;
        boolean isMiddle = !isRadial && Math.abs(Math.cos(angle)) < 0.2;
        double degrees = Math.toDegrees(angle);
        return new Dot(
                number(WIDTH / 2.0 + radius * Math.cos(angle)),
                number(HEIGHT / 2.0 + radius * Math.sin(angle)),
                number(node.port80() == Port80.OWN ? dotRadius * 1.25 : dotRadius),
                css(node),
                label.length() > MAX_LABEL_CHARACTERS ? label.substring(0, MAX_LABEL_CHARACTERS - 1) + "…" : label,
                number(labelX),
                number(isMiddle ? labelY + (Math.sin(angle) > 0 ? 10 : -2) : labelY + 4),
                isMiddle ? "middle" : isLeft ? "end" : "start",
                isRadial ? number(isLeft ? degrees + 180 : degrees) : "0",
                title);
    }

    private static Arc arc(int index, int count, double radius, RingNode from, RingNode to) {
        // The arc leaves room for the dots at its ends.
        double gap = (count > MAX_HORIZONTAL_LABELS ? 6.0 : 15.0) / radius;
        double start = angle(index, count) + gap;
        double end = angle(index, count) + 2 * Math.PI / count - gap;
        String path = "M%s %sA%s %s 0 %d 1 %s %s"
                .formatted(
                        number(WIDTH / 2.0 + radius * Math.cos(start)),
                        number(HEIGHT / 2.0 + radius * Math.sin(start)),
                        number(radius),
                        number(radius),
                        end - start > Math.PI ? 1 : 0,
                        number(WIDTH / 2.0 + radius * Math.cos(end)),
                        number(HEIGHT / 2.0 + radius * Math.sin(end)));
        boolean isBroken = from.port80() == Port80.SILENT || to.port80() == Port80.SILENT;
        return new Arc(path, isBroken ? "arc broken" : "arc");
    }

    private static double angle(int index, int count) {
        return 2 * Math.PI * index / count - Math.PI / 2;
    }

    private static String css(RingNode node) {
        return switch (node.port80()) {
            case OWN -> "own";
            case ANSWERS -> "up";
            case SILENT -> "silent";
            case NOT_ASKED_YET -> "unknown";
        };
    }

    private static String state(RingNode node, Instant now) {
        return switch (node.port80()) {
            case OWN -> "this server";
            case ANSWERS -> "answers";
            case SILENT ->
                node.since()
                        .map(since -> "silent since " + HumanTime.toMinute(since) + " (" + Ages.ago(since, now) + ")")
                        .orElse("silent");
            case NOT_ASKED_YET -> "not asked yet";
        };
    }

    private static String summary(List<RingNode> nodes) {
        List<String> silent = nodes.stream()
                .filter(node -> node.port80() == Port80.SILENT)
                .map(node -> node.name().value())
                .toList();
        return "The ring of " + nodes.size() + (nodes.size() == 1 ? " server" : " servers") + ". "
                + (silent.isEmpty()
                        ? "No peer is silent on port 80."
                        : "Silent on port 80: " + String.join(", ", silent) + ".");
    }

    private static String centre(List<RingNode> nodes) {
        long peers = nodes.stream().filter(node -> node.port80() != Port80.OWN).count();
        long answering =
                nodes.stream().filter(node -> node.port80() == Port80.ANSWERS).count();
        return peers == 0 ? "no peers" : answering + " of " + peers + (peers == 1 ? " peer answers" : " peers answer");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
