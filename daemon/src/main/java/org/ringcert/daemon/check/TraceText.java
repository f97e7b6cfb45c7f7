package org.ringcert.daemon.check;

import java.net.InetAddress;
import java.util.List;
import java.util.OptionalInt;
import org.ringcert.daemon.check.TraceReport.TracedWalk;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.Walk;
import org.ringcert.view.ca.Walk.Hop;
import org.ringcert.view.ca.Walk.Verdict;

/** A trace for a person: each hop on a line, then how it ended. */
public final class TraceText {

    private static final String INDENT = "  ";

    private TraceText() {}

    /** Returns the text, ending with a newline. */
    public static String of(TraceReport report) {
        StringBuilder text = new StringBuilder();
        for (TracedWalk traced : report.walks()) {
            text.append(traced.start()).append("\n");
            appendHops(text, traced.walk().hops());
            traced.walk().warnings().forEach(warning -> appendProblem(text, "warning", warning));
            appendVerdict(text, traced.walk());
            text.append("\n");
        }
        if (report.isAnswered() && !report.undecided().isEmpty()) {
            text.append("A CA would accept the answer where it could be tried, but nothing is known of ")
                    .append(Shown.list(
                            report.undecided().stream().map(TracedWalk::start).toList()))
                    .append(".\n");
        }
        report.notes().forEach(note -> text.append(note).append("\n"));
        return text.toString().stripTrailing() + "\n";
    }

    private static void appendHops(StringBuilder text, List<Hop> hops) {
        int addressWidth =
                hops.stream().mapToInt(hop -> address(hop).length()).max().orElse(0);
        for (int i = 0; i < hops.size(); i++) {
            Hop hop = hops.get(i);
            text.append(("%s%2d  %-" + Math.max(1, addressWidth) + "s  %11s  %4d ms  %s%n")
                    .formatted(
                            INDENT,
                            i + 1,
                            address(hop),
                            status(hop.status()),
                            hop.time().toMillis(),
                            hop.url()));
        }
    }

    private static String address(Hop hop) {
        return hop.address().map(Shown::address).orElse("no address");
    }

    private static String status(OptionalInt status) {
        return status.isPresent() ? String.valueOf(status.getAsInt()) : "no response";
    }

    private static void appendVerdict(StringBuilder text, Walk walk) {
        switch (walk.verdict()) {
            case Verdict.Accepted _ -> text.append(INDENT).append("answered: a CA would accept this\n");
            case Verdict.Refused(Problem problem) -> appendProblem(text, "failure", problem);
            case Verdict.Undecided(String reason, String remedy) -> {
                text.append(INDENT)
                        .append("warning: not tried from here: ")
                        .append(reason)
                        .append("\n");
                appendDetail(text, "what to do", remedy);
            }
        }
    }

    private static void appendProblem(StringBuilder text, String level, Problem problem) {
        text.append(INDENT).append(level).append(": ").append(problem.what()).append("\n");
        appendDetail(text, "rule", problem.rule().text());
        appendDetail(text, "the CA would say", problem.caSays());
        appendDetail(text, "what to do", problem.remedy());
    }

    private static void appendDetail(StringBuilder text, String label, String detail) {
        if (!detail.isEmpty()) {
            text.append(INDENT.repeat(2))
                    .append(label)
                    .append(": ")
                    .append(detail)
                    .append("\n");
        }
    }

    /** Returns where a walk begins, for {@link TracedWalk#start}. */
    static String start(Object name, InetAddress address) {
        return name + " at " + Shown.address(address);
    }
}
